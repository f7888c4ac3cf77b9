"""Parts of the pages of contracts: marks in texts, states on a day, amounts, shares, the diary."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from annuaire.clauses.rules import raw
from annuaire.contracts import amounts, shares
from annuaire.contracts.agenda import deadline_file
from annuaire.contracts.linked_data import json_ld
from annuaire.contracts.lots import lot_view
from annuaire.contracts.marking import Piece, pieces
from annuaire.contracts.models import Buyer, Contract, Finding, Lot
from annuaire.contracts.placing import standing
from annuaire.contracts.presenting import CODE_MEANINGS, field_label, told
from annuaire.contracts.states import state_of
from annuaire.errors import NotFoundError

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 11, 28)


def contract(**changes: object) -> Contract:
    """A contract of one lot, open until 3 December 2026 at noon in Paris."""
    values: dict[str, object] = {
        "reference": "boamp-26-1",
        "title": "Nettoyage; des, locaux\\ du \N{LATIN SMALL LETTER E WITH ACUTE}cole",
        "state": "published",
        "published_on": date(2026, 11, 1),
        "deadline": datetime(2026, 12, 3, 11, tzinfo=UTC),
        "expires_on": None,
        "types": ["services"],
        "departements": ["59"],
        "updated_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
        "buyer": Buyer(key="ville|59000", name="Ville d'essai", city="Lille", postcode="59000"),
        "lots": [Lot(number="1", title="Nettoyage", activities=[], awards=[])],
        "notices": [],
        "findings": [],
    }
    return Contract(**(values | changes))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [Piece("abcdef")]),
        ([(1, 3, "a")], [Piece("a"), Piece("bc", True, ("a",)), Piece("def")]),
        ([(0, 6, "a")], [Piece("abcdef", True, ("a",))]),
        (
            [(0, 4, "a"), (2, 6, "b")],
            [Piece("ab", True, ("a",)), Piece("cdef", True, ("b",))],
        ),
        ([(1, 3, "a"), (1, 5, "b")], [Piece("a"), Piece("bcde", True, ("a", "b")), Piece("f")]),
        ([(4, 4, "a"), (9, 12, "b"), (-3, 0, "c")], [Piece("abcdef")]),
    ],
)
def test_evidence_is_marked_and_each_clause_has_its_place(
    spans: list[tuple[int, int, str]], expected: list[Piece]
) -> None:
    assert pieces("abcdef", spans) == expected


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6),
)
def test_pieces_are_the_text_whole_and_mark_what_the_spans_say(
    text: str, bounds: list[tuple[int, int]]
) -> None:
    found = pieces(text, [(s, e, str(n)) for n, (s, e) in enumerate(bounds)])
    assert "".join(piece.text for piece in found) == text
    marks = "".join(("x" if piece.marked else ".") * len(piece.text) for piece in found)
    wanted = "".join("x" if any(s <= at < e for s, e in bounds) else "." for at in range(len(text)))
    assert marks == wanted


@pytest.mark.parametrize(
    ("changes", "label", "since"),
    [
        ({}, "en cours", "il reste 5 jours"),
        ({"deadline": datetime(2026, 11, 28, 8, tzinfo=UTC)}, "en cours", "dernier jour"),
        ({"deadline": datetime(2026, 11, 27, 22, 59, tzinfo=UTC)}, "clos", "clos depuis 1 jour"),
        ({"deadline": None, "expires_on": date(2026, 8, 1)}, "clos", "clos depuis 3 mois"),
        ({"deadline": None, "expires_on": date(2020, 1, 1)}, "clos", "clos depuis 6 ans"),
        ({"deadline": None}, "publié", ""),
        ({"state": "awarded"}, "attribué", ""),
        ({"state": "cancelled"}, "annulé", ""),
        ({"state": "planned"}, "à venir", ""),
    ],
)
def test_state_says_what_one_may_still_do(
    changes: dict[str, object], label: str, since: str
) -> None:
    state = state_of(contract(**changes), DAY)
    assert (state.label, state.since.replace("\N{NO-BREAK SPACE}", " ")) == (label, since)


@pytest.mark.parametrize(
    ("amount", "unlikely"),
    [(None, False), (25_000.0, False), (0.71, True), (0.0, True), (999_999_999.0, True),
     (1e15, True), (100.0, False)],
)  # fmt: skip
def test_amount_that_can_hardly_be_a_price_is_marked(
    amount: float | None, *, unlikely: bool
) -> None:
    assert amounts.unlikely(amount) is unlikely


def test_unlikely_amounts_are_not_summed() -> None:
    assert amounts.total([1_000.0, 0.5, None, 2_000.0, 1e12]) == 3_000.0
    assert amounts.total([None, 0.5]) is None


def finding(*lots: str) -> Finding:
    return Finding(type="execution_insertion", lots=list(lots), start=None)


@pytest.mark.parametrize(
    ("named", "concerned"),
    [((), True), (("1",), True), (("01",), True), (("2",), False), (("7",), True)],
)
def test_lot_has_the_clauses_that_name_it_or_no_lot_known(
    named: tuple[str, ...], *, concerned: bool
) -> None:
    lots = [Lot(number=n, title=n, activities=[], awards=[]) for n in ("1", "2")]
    view = lot_view(
        contract(lots=lots, findings=[finding(*named)]), lots[0], lambda _lot, _name: None
    )
    assert bool(view.clauses) is concerned
    if named == ("7",):
        assert view.clauses[0].label == "Clause d'insertion (lot 7 du texte)"


@pytest.mark.parametrize(
    ("changes", "precision", "commune"),
    [
        ({}, "commune", "59350"),
        ({"departements": ["29"]}, "departement", None),
        ({"departements": ["29", "35"]}, None, None),
        ({"departements": []}, "commune", "59350"),
        ({"departements": ["29"], "lots": [Lot(number="1", city="Brest", departement="29")]},
         "commune", "29019"),
    ],
)  # fmt: skip
def test_contract_stands_where_its_notice_says(
    changes: dict[str, object], precision: str | None, commune: str | None
) -> None:
    place = standing(contract(**changes))
    assert (place.precision, place.code_insee) == (precision, commune)
    assert (place.lat is None) is (precision is None)


def test_deadline_is_one_event_that_the_library_reads_back() -> None:
    read = Calendar.from_ical(deadline_file(contract(), "https://annuaire.example"))
    (event,) = read.walk("VEVENT")
    (alarm,) = read.walk("VALARM")
    start = event["dtstart"].dt
    assert start == datetime(2026, 12, 3, 12, tzinfo=PARIS)
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert read.walk("VTIMEZONE")
    assert str(event["uid"]) == "echeance-boamp-26-1@annuaire"
    assert str(event["summary"]) == f"Date limite : {contract().title}"
    assert alarm["trigger"].dt == timedelta(days=-7)
    again = deadline_file(contract(), "https://annuaire.example")
    assert again == deadline_file(contract(), "https://annuaire.example")


def test_deadline_without_an_hour_is_a_whole_day() -> None:
    day = contract(deadline=None, expires_on=date(2026, 12, 3))
    (event,) = Calendar.from_ical(deadline_file(day, "https://x")).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 12, 3)


@pytest.mark.parametrize("changes", [{"deadline": None}, {"state": "awarded"}])
def test_contract_without_a_deadline_has_no_event(changes: dict[str, object]) -> None:
    with pytest.raises(NotFoundError, match="pas de date limite"):
        deadline_file(contract(**changes), "https://x")


def test_contract_is_what_its_buyer_seeks_for_programs() -> None:
    data = json_ld(contract(), "https://annuaire.example")
    assert data["@type"] == "GovernmentOrganization"
    assert data["@id"] == "https://annuaire.example/acheteurs/ville%7C59000"
    assert data["seeks"]["@type"] == "Demand"
    assert data["seeks"]["availabilityEnds"] == "2026-12-03"


def test_shares_say_on_how_many_contracts_and_for_which_years_the_target_holds() -> None:
    years = [
        shares.Year(2026, 5, 4, 4, 1),
        shares.Year(2025, 31, 30, 10, 15),
        shares.Year(2019, 10, 10, 0, 0),
    ]
    told = shares.under_plan(years)
    assert told is not None
    assert (told.social.with_clause, told.social.counted) == (10, 30)
    assert told.social.target is not None
    assert told.social.target.share == 0.3
    assert not told.social.few
    newest, middle, oldest = shares.lines(years)
    assert newest.social.target is None
    assert newest.social.few
    assert middle.environmental.target is not None
    assert middle.environmental.target.share == 1.0
    assert oldest.social.share == 0.0
    whole = shares.whole(years)
    assert whole is not None
    assert (whole.social.counted, whole.social.target) == (44, None)


def test_no_contract_counted_gives_no_share() -> None:
    (line,) = shares.lines([shares.Year(2024, 2, 0, 0, 0)])
    assert line.social.share is None
    assert shares.under_plan([shares.Year(2019, 1, 1, 0, 0)]) is None
    assert shares.whole([]) is None


def test_clause_of_a_sentence_and_of_a_code_is_named_once_for_a_lot() -> None:
    kinds = ("reserved_handicap", "award_criterion", "reserved_handicap")
    found = [Finding(type=kind, lots=[]) for kind in kinds]
    view = lot_view(
        several := contract(findings=found), several.lots[0], lambda _lot, _winner: None
    )
    assert [clause.rank for clause in view.clauses] == [1, 2]


def test_lot_tells_its_own_deadline_and_why_nobody_holds_it() -> None:
    own = datetime(2026, 12, 10, 11, tzinfo=UTC)
    lots = [
        Lot(number="1", title="A", activities=[], awards=[], deadline=own),
        Lot(number="2", title="B", activities=[], awards=[], outcome="unsuccessful",
            deadline=datetime(2026, 12, 3, 11, tzinfo=UTC)),
    ]  # fmt: skip
    views = [lot_view(contract(lots=lots), lot, lambda _lot, _name: None) for lot in lots]
    assert [view.deadline for view in views] == [own, None]
    assert [view.outcome for view in views] == [None, "infructueux"]


def test_every_field_and_code_of_a_clause_has_words_on_pages() -> None:
    rules = raw("codes")["code"]
    fields = {field for rule in rules for field in rule["field"]}
    assert {field for field in fields if field_label(field) == field} == set()
    eforms = [rule["value"].split("|") for rule in rules if rule["field"][0].startswith("BT-")]
    codes = {code for values in eforms for code in values} - {"oui", "true"}
    assert codes - set(CODE_MEANINGS) == set()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("BT-736", "yes", "exécution réservée : oui"),
        ("BT-736-Lot", "yes", "exécution réservée : oui"),
        ("social-objective", "other", "objectif social : autre"),
        ("BT-774", "clim-mitig", "atténuation du changement climatique"),
        ("CRITERES_SOCIAUX_ENV", "sociaux", "critères : sociaux"),
        ("considerationsSociales", "Clause sociale", "considérations sociales : Clause sociale"),
    ],
)
def test_code_is_told_in_words_with_the_field_that_it_answers(
    field: str, value: str, said: str
) -> None:
    assert told(Finding(source="code", field=field, evidence=value)) == said
