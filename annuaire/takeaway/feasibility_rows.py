"""The sheet of feasibility as rows of a workbook, one a lot."""

from collections.abc import Iterator
from typing import Final

from annuaire.advising.sheets import Sheet
from annuaire.matching.ground import ground_of
from annuaire.takeaway.feasibility import NOT_MEASURED, model_words
from annuaire.takeaway.law_words import entries_words
from annuaire.takeaway.tables import Column, Row

SHOWN_KM: Final = 50  # the distance whose counts are in the workbook
COLUMNS: Final = (
    Column("lot", "Lot", 8),
    Column("objet", "Objet", 44),
    Column("metiers", "Métiers reconnus", 32),
    Column("montant_ht", "Montant HT (€)", 14),
    Column("offre", "Ce que l’offre permet", 22),
    Column("surement", "Structures sûres à 50 km", 12),
    Column("peut_etre", "Structures possibles à 50 km", 12),
    Column("heures", "Heures d’insertion", 12),
    Column("pourquoi", "Pourquoi", 60),
    Column("structures", "Structures proposées", 44),
    Column("a_verifier", "À vérifier de ces structures", 60),
    Column("lots_a_part", "Lots à ouvrir", 44),
    Column("voie", "Voie", 44),
    Column("codes", "Codes à porter", 44),
    Column("clause", "Clause, premiers mots", 60),
    Column("groupements", "Groupements", 60),
    Column("facilitateurs", "Facilitateurs", 60),
)


def sheet_rows(sheet: Sheet) -> Iterator[Row]:
    """The lots as rows of a workbook (COLUMNS)."""
    for lot in sheet.lots:
        verdict, grouping = lot.offer.verdict, lot.answer.grouping
        band = next((b for b in verdict.depth.bands if b.km == SHOWN_KM), None) if verdict else None
        yield Row(
            (
                lot.number,
                lot.title,
                " ; ".join(trade.label for trade in lot.offer.trades),
                lot.need.amount_eur,
                verdict.label if verdict else NOT_MEASURED,
                band.sure if band else None,
                band.maybe if band else None,
                lot.hours.hours if lot.hours else None,
                " ".join(verdict.reasons) if verdict else lot.offer.note,
                " ; ".join(s.name for s in lot.answer.suggestions),
                " ; ".join(
                    f"{s.name} : {' '.join(s.cautions)}"
                    for s in lot.answer.suggestions
                    if s.cautions
                ),
                " ; ".join(p.label for p in lot.proposals),
                " ; ".join(model.route.title for model in lot.models),
                " ; ".join(entries_words(model.route.entries) for model in lot.models),
                " ".join(text for model in lot.models for text in model_words(model)),
                " ; ".join((*(g.sentence for g in grouping.groups), *grouping.gaps)),
                " ; ".join(each.sentence for each in lot.facilitators)
                or ground_of(lot.need).nobody,
            )
        )
