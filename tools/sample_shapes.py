"""The national shapes of `donnees` in the BOAMP's API, written from one plain description."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lot:
    number: int
    title: str
    cpv: str
    amount: int | None
    winner: str | None = None


@dataclass(frozen=True)
class Market:
    """A market to be published; `reserved` is "", "handicap", "insertion" or "both"."""

    idweb: str
    title: str
    description: str
    cpv: str
    kind: str
    buyer: str
    siret: str
    postcode: str
    city: str
    deadline: str
    lots: tuple[Lot, ...]
    execution: str | None
    criteria: tuple[tuple[str, str], ...]
    reserved: str = ""
    awarded: bool = False


def dropped(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, {}, [])}


def one(items: list[Any]) -> Any:
    """One element is an object, several are a list."""
    return items[0] if len(items) == 1 else items


def _euros(amount: int | None, attribute: str) -> dict[str, str] | None:
    return {attribute: "EUR", "#text": str(amount)} if amount else None


def _weighted(market: Market) -> list[dict[str, str]]:
    return [{"criterePCT": weight, "critere": name} for name, weight in market.criteria]


def mapa(m: Market) -> dict[str, Any]:
    lots = [
        dropped(
            {
                "numLot": str(lot.number),
                "intitule": lot.title,
                "CPV": {"objetPrincipal": {"classPrincipale": lot.cpv}},
                "valeurEstimee": _euros(lot.amount, "@devise"),
            }
        )
        for lot in m.lots
    ]
    body = {
        "description": {
            "objet": m.description,
            "CPV": {"objetPrincipal": {"classPrincipale": m.cpv}},
        },
        "lots": {"lot": one(lots)} if lots else None,
        "conditions": {"conditionsParticulieres": m.execution} if m.execution else None,
        "criteres": {"criterePondere": _weighted(m)},
        "duree": {"nbMois": "24"},
        "renseignements": {"idMarche": m.idweb.replace("-", "EX")},
    }
    organisation = {
        "acheteurPublic": m.buyer,
        "cp": m.postcode,
        "ville": m.city,
        "codeIdentificationNational": m.siret,
    }
    return {"MAPA": {"organisme": organisation, "initial": dropped(body)}}


def fnsimple(m: Market) -> dict[str, Any]:
    lots = [
        dropped(
            {
                "numLot": str(lot.number),
                "intitule": lot.title,
                "CPV": {"objetPrincipal": {"classPrincipale": lot.cpv}},
                "valeurEstimee": str(lot.amount) if lot.amount else None,
            }
        )
        for lot in m.lots
    ]
    market = {
        "intitule": m.title,
        "description": m.description,
        "codeCPV": {"objetPrincipal": {"classPrincipale": m.cpv}},
        "conditionsParticulieres": m.execution,
        "marcheReserve": {
            "handicap": "ateliers protégés",
            "both": "oui",
            "insertion": "oui",
        }.get(m.reserved),
    }
    body = {
        "identifiantProcedure": m.idweb.replace("-", "EX"),
        "natureMarche": dropped(market),
        "lots": {"lot": one(lots)} if lots else None,
        "procedure": {"criteresAttrib": {"criterePondere": _weighted(m)}},
    }
    organisation = {"nomOfficiel": m.buyer, "codeIdentificationNational": m.siret,
                    "cp": m.postcode, "ville": m.city}  # fmt: skip
    return {"FNSimple": {"organisme": organisation, "initial": dropped(body)}}


def v230(m: Market) -> dict[str, Any]:
    lots = [
        dropped(
            {
                "NUM": str(lot.number),
                "INTITULE": lot.title,
                "CPV": {"PRINCIPAL": lot.cpv},
                "VALEUR": _euros(lot.amount, "@DEVISE"),
            }
        )
        for lot in m.lots
    ]
    market = {
        "TITRE_MARCHE": m.title,
        "OBJET_COMPLET": m.description,
        "CPV": {"PRINCIPAL": m.cpv},
        "LOTS": {"LOT": one(lots)} if lots else None,
    }
    body: dict[str, Any] = {
        "IDENTITE": {"DENOMINATION": m.buyer, "CODE_IDENT_NATIONAL": m.siret,
                     "CP": m.postcode, "VILLE": m.city},
        "OBJET": dropped(market),
        "PROCEDURE": {
            "CRITERES_ATTRIBUTION": {
                "CRITERES_PONDERES": {
                    "CRITERE": [{"@POIDS": w, "#text": name} for name, w in m.criteria]
                }
            }
        },
    }  # fmt: skip
    if m.execution:
        body["CONDITION_RELATIVE_MARCHE"] = {"AUTRES_CONDITIONS_PART_OUI": m.execution}
    if m.reserved:
        kind = {"ATELIERS_PROTEGES": None} if m.reserved == "handicap" else None
        body["CONDITION_PARTICIPATION"] = {"MARCHE_RESERVE_OUI": kind}
    winners = [lot for lot in m.lots if lot.winner]
    if winners:
        body["ATTRIBUTION"] = {
            "DECISION": one(
                [
                    {
                        "NUM_LOT": str(lot.number),
                        "INTITULE": lot.title,
                        "TITULAIRE": {"DENOMINATION": lot.winner},
                        "RENSEIGNEMENT": {"MONTANT": {"@DEVISE": "EUR", "#text": str(lot.amount)}},
                    }
                    for lot in winners
                ]
            )
        }
    return body
