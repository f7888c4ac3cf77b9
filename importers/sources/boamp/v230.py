"""Notices in the old schema v230: many roots, upper case, or lower case in the former API."""

from typing import Any

from annuaire.contracts.records import AwardRecord, BuyerRecord, CodeField, LotRecord
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

_RESERVED = {"ateliersproteges": "ateliers protégés", "emploisproteges": "emplois protégés"}


def read_v230(root: dict[str, Any], *, nulls_are_absent: bool = False) -> Detail:
    """A v230 notice. In the former API every absent element is written null."""
    tree = _normal(root, nulls_are_absent, 0)
    market, conditions = first(tree, "objet"), first(tree, "conditionrelativemarche")
    lots = [lot for lot in every(market, "lots", "lot") if isinstance(lot, dict)]
    structured = len(lots) > 1 or any(text(lot, "num") or text(lot, "intitule") for lot in lots)
    alone = lots[0] if lots and not structured else None  # a contract without lots has one, bare
    return Detail(
        title=text(market, "titremarche"),
        description=lines(market, "objetcomplet") or lines(alone, "description"),
        buyer=_buyer(first(tree, "identite")),
        reference=text(market, "refmarche", limit=100),
        deadline=moment(first(tree, "conditiondelai", "receptoffres"))
        or moment(first(tree, "conditiondelai", "receptcandidat")),
        cpv=cpv(market, "cpv", "principal") or cpv(alone, "cpv", "principal"),
        lots=tuple(_lot(lot, str(n)) for n, lot in enumerate(lots, 1)) if structured else (),
        awards=tuple(_awards(tree)),
        texts=texts_of(
            characteristics=lines(market, "caracteristiques", "principales"),
            execution=lines(conditions, "autresconditionspartoui"),
            participation=lines(tree, "conditionparticipation", "critereselection"),
            criteria=_criteria(first(tree, "procedure", "criteresattribution")) or _criteria(tree),
            complement=lines(tree, "renseignementscomplementaires", "renscomplement"),
        ),
        codes=_reserved(tree),
    )


def _normal(node: Any, drop_null: bool, depth: int) -> Any:
    """Keys in lower case without separators, so that both spellings read alike."""
    if depth > DEPTH:
        return None
    if isinstance(node, list):
        return [_normal(child, drop_null, depth + 1) for child in node]
    if not isinstance(node, dict):
        is_mark = isinstance(node, str) and node.startswith("<?xml")
        return "" if is_mark or (node is None and not drop_null) else node
    return {
        key if key[:1] in "@#" else key.replace("_", "").lower(): _normal(
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
    number = text(node, "num", limit=20) or position
    description = lines(node, "description")
    estimate = amount(node, "valeur")
    maximum = None if estimate else amount(node, "valeurmax")
    criteria = _criteria(first(node, "criteresattribution"))
    return LotRecord(
        number=number,
        title=text(node, "intitule", limit=300)
        or (description or "")[:300].split("\n")[0]
        or f"Lot {number}",
        description=description,
        cpv=cpv(node, "cpv", "principal"),
        city=text(node, "lieuprincipal", limit=100),
        amount_eur=estimate or maximum,
        amount_kind="estimated" if estimate else "maximum" if maximum else None,
        texts=texts_of(number, criteria=criteria, complement=lines(node, "infocompl")),
    )


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
