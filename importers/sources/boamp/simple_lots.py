"""Lots and awards of the short national forms (`FNSimple`, `MAPA`)."""

from typing import Any

from annuaire.contracts.records import AwardRecord, CodeField, LotRecord
from importers.sources.boamp.detail import texts_of
from importers.sources.boamp.tree import amount, cpv, day, every, lines, text

_ESTIMATES = ("valeurEstimee", "estimation", "valeur", "montant")


def read_lots(body: Any) -> tuple[LotRecord, ...]:
    """The lots under `lots.lot`, numbered in their order when they do not say their number."""
    nodes = [node for node in every(body, "lots", "lot") if isinstance(node, dict)]
    return tuple(_read_lot(node, str(position)) for position, node in enumerate(nodes, 1))


def _read_lot(node: dict[str, Any], position: str) -> LotRecord:
    said = text(node, "numLot", limit=20) or text(node, "num", limit=20)
    number = said or position
    description = lines(node, "description")
    title = text(node, "intitule", limit=300) or text(node, "titre", limit=300)
    estimate = next((v for key in _ESTIMATES if (v := amount(node, key))), None)
    reserved = text(node, "lotReserve", limit=60) or text(node, "marcheReserve", limit=60)
    return LotRecord(
        number=number,
        title=title or (description or "")[:300].split("\n")[0] or f"Lot {number}",
        description=description,
        cpv=cpv(node, "CPV", "objetPrincipal", "classPrincipale")
        or cpv(node, "codeCPV", "objetPrincipal", "classPrincipale"),
        city=text(node, "lieuExecution", limit=100) or text(node, "lieuPrincipal", limit=100),
        amount_eur=estimate,
        amount_kind="estimated" if estimate else None,
        minimum_eur=amount(node, "valeurMin"),
        maximum_eur=amount(node, "valeurMax"),
        numbered=said is not None,
        texts=texts_of(
            number,
            execution=lines(node, "conditionsParticulieres"),
            complement=lines(node, "informationComplementaire"),
        ),
        codes=(CodeField("MARCHE_RESERVE", reserved, number),) if reserved else (),
    )


def read_awards(body: Any) -> tuple[AwardRecord, ...]:
    """Who won, under `attribution.decision` or `decision`: one titulaire or several."""
    decisions = every(body, "decision") or every(body, "attribution", "decision")
    return tuple(
        AwardRecord(
            winner=winner,
            amount_eur=amount(titulaire, "montant") or amount(decision, "montant"),
            awarded_on=day((decision if isinstance(decision, dict) else {}).get("dateAttribution")),
            lot_number=text(decision, "numLot", limit=20),
            lot_title=text(decision, "intitule", limit=300),
        )
        for decision in decisions
        for titulaire in every(decision, "titulaire")
        if (winner := text(titulaire, "denomination", limit=300) or text(titulaire, limit=300))
    )
