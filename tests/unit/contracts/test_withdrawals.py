"""A lot that a correction or a cancellation takes away."""

from datetime import UTC, datetime

import pytest

from annuaire.contracts.facts import NoticeFacts
from annuaire.contracts.merging import MergedContract, merge
from annuaire.contracts.records import LotRecord, NoticeRecord, TextField
from annuaire.contracts.withdrawals import removed_by
from tests.factories.notices import call, facts, later, lots, won

THREE = lots("1 Vitres", "2 Sols", "3 Bureaux")


def said(text: str, nature: str = "correction", **changes: object) -> NoticeRecord:
    return later("26-2", nature, texts=(TextField("correction", text),), **changes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le lot n° 3 est supprimé.", {"3": "removed"}),
        ("Les lots 2 et 3 sont retirés de la consultation.", {"2": "removed", "3": "removed"}),
        ("Le lot n°3 « Bureaux » est annulé.", {"3": "removed"}),
        ("Lot 3 (bureaux) : supprimé", {"3": "removed"}),
        ("Lot 03 - Bureaux : annulé", {"3": "removed"}),
        ("Suite à une erreur, le lot 3 est supprimé.", {"3": "removed"}),
        ("Suppression du lot 3. Le reste est inchangé.", {"3": "removed"}),
        ("Annulation des lots 1 à 3", {"1": "removed", "2": "removed", "3": "removed"}),
        ("Supprimer : lot n° 2 - Sols", {"2": "removed"}),
        ("L'acheteur a décidé de retirer les lots n° 1 et n° 3.", {"1": "removed", "3": "removed"}),
        # A real cancellation of 2021, of one lot only.
        (
            "Le 27 janvier 2021 , la RTM a décidé de déclarer le lot N°3 de la procédure sans "
            "suite pour motif d'intérêt général.",
            {"3": "abandoned"},
        ),
        ("Le lot 2 est déclaré infructueux.", {"2": "unsuccessful"}),
        # A part of a lot is no lot.
        ("La visite du lot 3 est annulée.", {}),
        ("Pour le lot 3, la date de visite est supprimée.", {}),
        ("Lot 3 : la clause d'insertion est supprimée.", {}),
        ("Lot 3 : dossier à retirer en mairie", {}),
        ("L'article 4.2 du CCAP du lot 3 est supprimé.", {}),
        ("Le lot 3 est annulé et remplacé par le lot 4.", {}),
        ("Annule et remplace l'estimation du lot 3", {}),
        ("Lot 2 : retrait d'amiante", {}),
        # What may happen, or did not.
        ("Le lot 3 n'est pas supprimé.", {}),
        ("Le lot 3 pourra être déclaré sans suite.", {}),
        ("L'acheteur se réserve le droit d'annuler le lot 3.", {}),
        ("En cas de suppression du lot 3, les offres restent valables.", {}),
        ("Tous les lots sont maintenus, sauf le lot 3.", {}),
        # Real titles of corrections: they tell of a former procedure.
        ("Relance du lot 2 de la consultation. Le lot 2, relance d'un lot déclaré infructueux", {}),
        ("Cette consultation concerne uniquement le lot no2 déclaré sans suite à l'issue de la "
         "1ère consultation", {}),
        ("Suite à un classement sans suite des lots 3 et 5, la présente consultation concerne les "
         "lots 3 et 5", {}),
        ("Les lots 5 et 12 sont relancés suite à une déclaration sans suite", {}),
        ("Le marché fait suite à la déclaration sans suite des lots 2 à 9 du marché", {}),
        ("Retrait d'amiante et démolition d'un hangar au Lot no27 au Port", {}),
    ],
)  # fmt: skip
def test_a_sentence_takes_away_the_lots_that_it_is_about(
    text: str, expected: dict[str, str]
) -> None:
    assert removed_by(said(text)) == expected
    assert removed_by(said(text, "call")) == removed_by(said(text, "award")) == {}


def test_a_lot_that_its_own_title_or_text_takes_away_is_removed() -> None:
    own = TextField("correction", "Ce lot est supprimé", "3")
    listed = (*lots("1 Vitres", "2 Sols (lot annulé)"), LotRecord("3", "Bureaux", texts=(own,)))
    assert removed_by(later("26-2", "correction", lots=listed)) == {"2": "removed", "3": "removed"}


def test_words_of_a_title_that_a_call_had_already_take_nothing_away() -> None:
    title = "Rénovation : le lot 2 a été déclaré infructueux"
    assert removed_by(later("26-2", "correction", title=title)) == {}


def merged(*records: NoticeRecord) -> MergedContract:
    found = merge(facts(*records))
    assert found.lots == merge(facts(*records[::-1])).lots
    return found


def states(*records: NoticeRecord) -> list[tuple[str, str, str | None]]:
    return [(lot.number, lot.state, lot.outcome) for lot in merged(*records).lots]


OPEN = [("1", "published", None), ("2", "published", None)]


def test_a_removed_lot_stays_in_its_contract_with_the_notice_that_removed_it() -> None:
    records = call(lots=THREE), said("Le lot 3 est supprimé.")
    assert states(*records) == [*OPEN, ("3", "removed", None)]
    found = merged(*records)
    assert found.state == "published"
    assert found.lots[2].sources["removed"] == "boamp-26-2"


@pytest.mark.parametrize(
    ("last", "third"),
    [
        (later("26-3", "correction", 40, lots=THREE), ("3", "published", None)),
        (later("26-3", "correction", 40, deadline=datetime(2026, 7, 1, tzinfo=UTC)),
         ("3", "removed", None)),
        (later("26-3", "award", 60, lots=THREE, awards=(won("3", "Bureaux d'essai"),)),
         ("3", "awarded", None)),
        (later("26-3", "call", 60, lots=THREE), ("3", "published", None)),
    ],
)  # fmt: skip
def test_a_later_notice_that_lists_the_lot_brings_it_back(
    last: NoticeRecord, third: tuple[str, str, str | None]
) -> None:
    assert states(call(lots=THREE), said("Suppression du lot 3"), last)[2] == third


def test_a_cancellation_of_one_lot_leaves_the_others() -> None:
    end = said("Le lot 3 est déclaré sans suite.", "cancellation")
    assert states(call(lots=THREE), end) == [*OPEN, ("3", "removed", "abandoned")]
    assert merged(call(lots=THREE), end).state == "published"


@pytest.mark.parametrize(
    "text",
    ["Les lots 1, 2 et 3 sont annulés.", "La consultation est annulée. Le lot 3 est annulé."],
)
def test_a_cancellation_of_all_the_lots_ends_the_contract(text: str) -> None:
    assert merged(call(lots=THREE), said(text, "cancellation")).state == "cancelled"


def test_a_contract_whose_every_lot_is_removed_is_cancelled() -> None:
    found = merged(call(lots=THREE), said("Les lots 1 à 3 sont supprimés."))
    assert found.state == "cancelled"


def whole(*listed: LotRecord, cites: str = "eforms:a-01") -> NoticeRecord:
    """A change notice of eForms: it lists all that remains."""
    return later("26-2", "correction", lots=listed, linked_keys=(cites,), complete=True)


def test_a_whole_correction_takes_away_the_lots_that_it_lists_no_more() -> None:
    first = call(lots=THREE, own_keys=("eforms:a-01",))
    assert states(first, whole(*THREE[:2])) == [*OPEN, ("3", "removed", None)]
    assert states(first, whole(*THREE)) == [*OPEN, ("3", "published", None)]
    # One that corrects another notice says nothing of this one's lots.
    other = whole(*THREE[:2], cites="eforms:b-01")
    assert states(first, other) == [*OPEN, ("3", "published", None)]


def test_clauses_of_removed_lots_are_not_the_contracts() -> None:
    clause = TextField("execution", "Lot 3 : 140 heures d'insertion sont imposées.", "3")
    first = call(lots=(*THREE[:2], LotRecord("3", "Bureaux", texts=(clause,))))
    assert merged(first).social
    assert not merged(first, said("Le lot 3 est supprimé.")).social


def test_what_is_removed_is_kept_with_the_notice() -> None:
    read: list[NoticeFacts] = facts(said("Le lot 3 est supprimé."))
    assert dict(read[0].removed) == {"3": "removed"}
