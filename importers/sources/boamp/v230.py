"""Notices in the old schema v230: many roots, upper case, or lower case in the former API."""

import re
from dataclasses import replace
from typing import Any

from annuaire.contracts.records import AwardRecord, BuyerRecord, CodeField, LotRecord
from importers.sources.boamp.corrections import correction_text, new_deadline
from importers.sources.boamp.detail import Detail, criteria_text, texts_of
from importers.sources.boamp.tree import (
    DEPTH,
    amount,
    cpv,
    day,
    every,
    first,
    lines,
    moment,
    raw,
    siret,
    text,
)

_WHERE = ("conditionparticipation", "conditionadministrative")
_TYPES = {
    "travaux": "travaux",
    "service": "services",
    "services": "services",
    "fournitures": "fournitures",
    "fourniture": "fournitures",
}
_RESERVED = {"ateliersproteges": "ateliers protégés", "emploisproteges": "emplois protégés"}


def read_v230(root: dict[str, Any], *, nulls_are_absent: bool = False) -> Detail:
    """A v230 notice. In the former API every absent element is written null."""
    tree = normal(root, drop_null=nulls_are_absent)
    market, conditions = first(tree, "objet"), first(tree, "conditionrelativemarche")
    results = first(tree, "attribution")
    lots = [lot for lot in every(market, "lots", "lot") if isinstance(lot, dict)]
    structured = len(lots) > 1 or any(text(lot, "num") or text(lot, "intitule") for lot in lots)
    alone = lots[0] if lots and not structured else None  # a contract without lots has one, bare
    return Detail(
        title=text(market, "titremarche"),
        description=lines(market, "objetcomplet") or lines(alone, "description"),
        buyer=_buyer(first(tree, "identite")),
        reference=text(market, "refmarche", limit=100),
        deadline=moment(first(tree, "conditiondelai", "receptoffres"))
        or moment(first(tree, "conditiondelai", "receptcandidat"))
        or new_deadline(first(tree, "rectif")),
        cpv=cpv(market, "cpv", "principal") or cpv(alone, "cpv", "principal"),
        lots=_with_outcomes(
            tuple(_lot(lot, str(n)) for n, lot in enumerate(lots, 1)) if structured else (),
            results,
        ),
        awards=tuple(_awards(tree)),
        texts=texts_of(
            characteristics=lines(market, "caracteristiques", "principales"),
            execution=_execution(tree, conditions),
            participation=lines(tree, "conditionparticipation", "critereselection"),
            criteria=_criteria(first(tree, "procedure", "criteresattribution")) or _criteria(tree),
            complement=lines(tree, "renseignementscomplementaires", "renscomplement"),
            correction=correction_text(first(tree, "rectif"), first(tree, "annulation")),
        ),
        codes=_reserved(tree),
        types=_types(market),
        whole=_whole(alone, market),
        outcome=_outcome(results, "totalementinfructueux"),
    )


def normal(node: Any, *, drop_null: bool) -> Any:
    """The tree with its keys in lower case without separators, so that both spellings read alike;
    with `drop_null`, what is null is absent."""
    return _normal(node, drop_null, 0)


def _normal(node: Any, drop_null: bool, depth: int) -> Any:
    if depth > DEPTH:
        return None
    if isinstance(node, list):
        return [_normal(child, drop_null, depth + 1) for child in node]
    if not isinstance(node, dict):
        is_mark = isinstance(node, str) and node.startswith("<?xml")
        return "" if is_mark or (node is None and not drop_null) else node
    return {
        key if key[:1] in "@#" else re.sub("[_-]", "", key).lower(): _normal(
            child, drop_null, depth + 1
        )
        for key, child in node.items()
        if not (drop_null and child is None)
    }


def _buyer(identity: Any) -> BuyerRecord | None:
    name = text(identity, "denomination", limit=300)
    if not name:
        return None
    return BuyerRecord(
        name=name,
        siret=siret(identity, "codeidentnational"),
        postcode=text(identity, "cp", limit=10),
        city=text(identity, "ville", limit=100),
    )


def _lot(node: dict[str, Any], position: str) -> LotRecord:
    number = text(node, "num", limit=20)
    description = lines(node, "description")
    estimate, maximum = amount(node, "valeur"), amount(node, "valeurmax")
    criteria = _criteria(first(node, "criteresattribution"))
    return LotRecord(
        number=number or position,
        title=text(node, "intitule", limit=300)
        or (description or "")[:300].split("\n")[0]
        or f"Lot {number or position}",
        description=description,
        cpv=cpv(node, "cpv", "principal"),
        city=text(node, "lieuprincipal", limit=100),
        nuts=text(node, "codenuts", limit=10),
        amount_eur=estimate,
        amount_kind="estimated" if estimate else None,
        minimum_eur=amount(node, "valeurmin"),
        maximum_eur=maximum,
        numbered=number is not None,
        texts=texts_of(number or position, criteria=criteria, complement=lines(node, "infocompl")),
    )


def _whole(alone: Any, market: Any) -> LotRecord | None:
    """The place and the worth of a contract without lots: of its bare lot, else of the whole."""
    lot = _lot(alone, "1") if alone else LotRecord("1", "", numbered=False)
    place, traits = first(market, "lieuexeclivr"), first(market, "caracteristiques")
    estimate = lot.amount_eur or amount(traits, "valeur") or amount(traits, "valeurtotale")
    return replace(
        lot,
        title="",
        nuts=lot.nuts or text(place, "codenuts", limit=10),
        city=lot.city or text(place, "ville", limit=100),
        place=text(place, "adresse", limit=300),
        amount_eur=estimate,
        amount_kind="estimated" if estimate else None,
        minimum_eur=lot.minimum_eur or amount(traits, "valeurmin"),
        maximum_eur=lot.maximum_eur or amount(traits, "valeurmax"),
        texts=(),
        codes=(),
    )


def _with_outcomes(lots: tuple[LotRecord, ...], results: Any) -> tuple[LotRecord, ...]:
    """The lots, and those that only the decisions name, with why some found no holder."""
    ends: dict[str, LotRecord] = {}
    for decision in every(results, "decision"):
        number, end = text(decision, "numlot", limit=20), _outcome(decision, "infructueux")
        if number and end:
            title = text(decision, "intitule", limit=300) or f"Lot {number}"
            ends[number] = LotRecord(number, title, outcome=end)
    kept = tuple(
        replace(lot, outcome=ends.pop(lot.number).outcome) if lot.number in ends else lot
        for lot in lots
    )
    return kept + tuple(ends.values())


def _outcome(node: Any, unsuccessful: str) -> str | None:
    """« Infructueux », « sans suite »: elements that say it by being there."""
    if not isinstance(node, dict):
        return None
    if node.get(unsuccessful) is not None:
        return "unsuccessful"
    return "abandoned" if node.get("sanssuite") is not None else None


def _types(market: Any) -> tuple[str, ...]:
    """`TYPE_MARCHE`: elements that say it by being there."""
    said = first(market, "typemarche")
    if not isinstance(said, dict):
        return ()
    return tuple(dict.fromkeys(kind for key, kind in _TYPES.items() if said.get(key) is not None))


def _execution(tree: Any, conditions: Any) -> str | None:
    said = [
        lines(conditions, "autresconditionspartoui"),
        *(lines(tree, where, "conditionparticuliereexecution") for where in _WHERE),
        lines(conditions, "conditionparticuliereexecution"),
    ]
    return "\n".join(dict.fromkeys(text for text in said if text)) or None


def _criteria(node: Any) -> str | None:
    weighted = [
        (text(c) or text(c, "value"), text(c, "@POIDS") or text(c, "@poids") or text(c, "poids"))
        for group in ("criteresponderes", "criteresqualite", "criterescout", "criterespriorites")
        for c in every(node, group, "critere")
    ]
    return criteria_text(weighted) or lines(node, "critereslibre")


def _awards(tree: Any) -> list[AwardRecord]:
    return [
        AwardRecord(
            winner=winner,
            amount_eur=amount(decision, "renseignement", "montant") or amount(decision, "montant"),
            awarded_on=day(first(decision, "renseignement", "dateattribution")),
            lot_number=text(decision, "numlot", limit=20),
            lot_title=text(decision, "intitule", limit=300),
        )
        for decision in every(tree, "attribution", "decision")
        for holder in every(decision, "titulaire")
        if (winner := text(holder, "denomination", limit=300))
    ]


def _reserved(tree: Any) -> tuple[CodeField, ...]:
    """`MARCHE_RESERVE_OUI` with the kind of workshop that it names, else « oui »."""
    nodes = every(tree, "conditionparticipation", "marchereserveoui")
    if not nodes:
        return ()
    kinds = [
        label
        for node in nodes
        for key, label in _RESERVED.items()
        if (isinstance(node, dict) and key in node) or key in raw(node).replace("_", "").lower()
    ]
    return tuple(CodeField("MARCHE_RESERVE", kind) for kind in kinds or ["oui"])
