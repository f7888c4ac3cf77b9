"""The four shapes of `donnees` in the BOAMP's API, written from one plain description."""

from dataclasses import dataclass, field
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
    extra: dict[str, str] = field(default_factory=dict)


def _dropped(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, {}, [])}


def _one(items: list[Any]) -> Any:
    """One element is an object, several are a list."""
    return items[0] if len(items) == 1 else items


def _weighted(market: Market) -> list[dict[str, str]]:
    return [{"criterePCT": weight, "critere": name} for name, weight in market.criteria]


def mapa(m: Market) -> dict[str, Any]:
    lots = [
        _dropped(
            {
                "numLot": str(lot.number),
                "intitule": lot.title,
                "CPV": {"objetPrincipal": {"classPrincipale": lot.cpv}},
                "valeurEstimee": {"@devise": "EUR", "#text": str(lot.amount)}
                if lot.amount
                else None,
            }
        )
        for lot in m.lots
    ]
    body = {
        "description": {
            "objet": m.description,
            "CPV": {"objetPrincipal": {"classPrincipale": m.cpv}},
        },
        "lots": {"lot": _one(lots)} if lots else None,
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
    return {"MAPA": {"organisme": organisation, "initial": _dropped(body)}}


def fnsimple(m: Market) -> dict[str, Any]:
    lots = [
        _dropped(
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
        "natureMarche": _dropped(market),
        "lots": {"lot": _one(lots)} if lots else None,
        "procedure": {"criteresAttrib": {"criterePondere": _weighted(m)}},
    }
    organisation = {"nomOfficiel": m.buyer, "codeIdentificationNational": m.siret,
                    "cp": m.postcode, "ville": m.city}  # fmt: skip
    return {"FNSimple": {"organisme": organisation, "initial": _dropped(body)}}


def v230(m: Market) -> dict[str, Any]:
    lots = [
        _dropped(
            {
                "NUM": str(lot.number),
                "INTITULE": lot.title,
                "CPV": {"PRINCIPAL": lot.cpv},
                "VALEUR": {"@DEVISE": "EUR", "#text": str(lot.amount)} if lot.amount else None,
            }
        )
        for lot in m.lots
    ]
    market = {
        "TITRE_MARCHE": m.title,
        "OBJET_COMPLET": m.description,
        "CPV": {"PRINCIPAL": m.cpv},
        "LOTS": {"LOT": _one(lots)} if lots else None,
    }
    body: dict[str, Any] = {
        "IDENTITE": {"DENOMINATION": m.buyer, "CODE_IDENT_NATIONAL": m.siret,
                     "CP": m.postcode, "VILLE": m.city},
        "OBJET": _dropped(market),
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
            "DECISION": _one(
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


def eforms(m: Market) -> dict[str, Any]:
    lots = m.lots or (Lot(1, m.title, m.cpv, None),)
    winners = [lot for lot in lots if lot.winner]
    companies = [_company("ORG-0001", m.buyer, m.siret, m.postcode, m.city)]
    companies += [
        _company(f"ORG-{i:04d}", lot.winner or "", None, None, None)
        for i, lot in enumerate(winners, 2)
    ]
    extension: dict[str, Any] = {
        "efac:Organizations": {"efac:Organization": [{"efac:Company": c} for c in companies]}
    }
    if winners:
        extension["efac:NoticeResult"] = _results(winners)
    notice = {
        "ext:UBLExtensions": {
            "ext:UBLExtension": {"ext:ExtensionContent": {"efext:EformsExtension": extension}}
        },
        "cbc:ContractFolderID": m.idweb.replace("-", "EX"),
        "cac:ContractingParty": {
            "cac:Party": {
                "cac:PartyIdentification": {
                    "cbc:ID": {"@schemeName": "organization", "#text": "ORG-0001"}
                }
            }
        },
        "cac:ProcurementProject": _project(m.title, m.description, m.cpv, None),
        "cac:ProcurementProjectLot": _one([_eforms_lot(m, lot) for lot in lots]),
    }
    return {"EFORMS": {"ContractAwardNotice" if m.awarded else "ContractNotice": notice}}


def _company(
    key: str, name: str, siret: str | None, postcode: str | None, city: str | None
) -> dict[str, Any]:
    return _dropped(
        {
            "cac:PartyIdentification": {"cbc:ID": {"@schemeName": "organization", "#text": key}},
            "cac:PartyName": {"cbc:Name": {"@languageID": "FRA", "#text": name}},
            "cac:PostalAddress": _dropped({"cbc:CityName": city, "cbc:PostalZone": postcode}),
            "cac:PartyLegalEntity": {"cbc:CompanyID": siret} if siret else None,
        }
    )


def _project(title: str, description: str | None, cpv: str, amount: int | None) -> dict[str, Any]:
    total = {"@currencyID": "EUR", "#text": str(amount)}
    return _dropped(
        {
            "cbc:Name": {"@languageID": "FRA", "#text": title},
            "cbc:Description": {"@languageID": "FRA", "#text": description}
            if description
            else None,
            "cac:MainCommodityClassification": {
                "cbc:ItemClassificationCode": {"@listName": "cpv", "#text": cpv}
            },
            "cac:RequestedTenderTotal": (
                {"cbc:EstimatedOverallContractAmount": total} if amount else None
            ),
        }
    )


def _eforms_lot(m: Market, lot: Lot) -> dict[str, Any]:
    project = _project(lot.title, None, lot.cpv, None if m.awarded else lot.amount)
    if m.execution and "heures" in m.execution:
        project["cac:ProcurementAdditionalType"] = [
            {"cbc:ProcurementTypeCode": {"@listName": "strategic-procurement", "#text": "soc-obj"}},
            {"cbc:ProcurementTypeCode": {"@listName": "social-objective", "#text": "opp"}},
        ]
    reserved = "res-ws" if m.reserved else "none"
    requirement = {"@listName": "reserved-procurement", "#text": reserved}
    execution = [
        {"cbc:ExecutionRequirementCode": {"@listName": "reserved-execution", "#text": "no"}}
    ]
    if m.execution:
        execution.append(
            {
                "cbc:ExecutionRequirementCode": {"@listName": "conditions", "#text": "performance"},
                "cbc:Description": {"@languageID": "FRA", "#text": m.execution},
            }
        )
    end, time = m.deadline[:10], m.deadline[11:]
    return {
        "cbc:ID": {"@schemeName": "Lot", "#text": f"LOT-{lot.number:04d}"},
        "cac:TenderingTerms": {
            "cac:TendererQualificationRequest": {
                "cac:SpecificTendererRequirement": {"cbc:TendererRequirementTypeCode": requirement}
            },
            "cac:ContractExecutionRequirement": execution,
            "cac:AwardingTerms": {
                "cac:AwardingCriterion": {
                    "cac:SubordinateAwardingCriterion": [
                        {"cbc:Name": {"@languageID": "FRA", "#text": f"{name} ({weight} %)"}}
                        for name, weight in m.criteria
                    ]
                }
            },
        },
        "cac:TenderingProcess": {
            "cac:TenderSubmissionDeadlinePeriod": {"cbc:EndDate": end, "cbc:EndTime": time}
        },
        "cac:ProcurementProject": project,
    }


def _results(winners: list[Lot]) -> dict[str, Any]:
    def link(key: str) -> dict[str, str]:
        return {"cbc:ID": key}

    numbered = list(enumerate(winners, 1))
    return {
        "efac:LotResult": _one(
            [
                {
                    "cbc:TenderResultCode": "selec-w",
                    "efac:LotTender": link(f"TEN-{i:04d}"),
                    "efac:TenderLot": link(f"LOT-{lot.number:04d}"),
                }
                for i, lot in numbered
            ]
        ),
        "efac:LotTender": _one(
            [
                {
                    "cbc:ID": f"TEN-{i:04d}",
                    "cac:LegalMonetaryTotal": {
                        "cbc:PayableAmount": {"@currencyID": "EUR", "#text": str(lot.amount)}
                    },
                    "efac:TenderingParty": link(f"TPA-{i:04d}"),
                }
                for i, lot in numbered
            ]
        ),
        "efac:TenderingParty": _one(
            [
                {"cbc:ID": f"TPA-{i:04d}", "efac:Tenderer": link(f"ORG-{i + 1:04d}")}
                for i, _ in numbered
            ]
        ),
    }
