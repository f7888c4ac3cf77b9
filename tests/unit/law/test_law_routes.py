from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.errors import InvalidInputError
from annuaire.law import articles, reminders, routes, thresholds
from annuaire.law.codes import entries_for
from annuaire.law.routes import Nature, Route

MARCH_2026 = date(2026, 3, 31)
APRIL_2026 = date(2026, 4, 1)
AUTUMN_2026 = date(2026, 11, 1)
BEFORE_DUTY, DUTY = date(2026, 8, 21), date(2026, 8, 22)

#: Routes that do not depend on the amount.
ALWAYS = {
    "reserved_handicap", "reserved_siae", "reserved_both", "reserved_ess", "insertion_object",
    "criterion",
}  # fmt: skip


def codes(found: list[Route]) -> list[str]:
    return [route.code for route in found if route.code not in ALWAYS]


@pytest.mark.parametrize(
    ("amount", "nature", "on", "expected"),
    [
        # direct purchase: R2122-8, 40 000 € until 31 March 2026, 60 000 € from 1 April
        (39_999.99, "services", MARCH_2026, ["direct", "clause"]),
        (40_000, "services", MARCH_2026, ["innovative", "direct_lot", "clause"]),
        (40_000, "services", APRIL_2026, ["direct", "clause"]),
        (59_999.99, "fournitures", APRIL_2026, ["direct", "clause"]),
        (60_000, "fournitures", APRIL_2026, ["innovative", "direct_lot", "clause"]),
        (50_000, None, MARCH_2026, ["innovative", "direct_lot", "clause"]),
        (50_000, None, date(2026, 5, 4), ["direct", "clause"]),
        # works: 100 000 € since 8 December 2020, 40 000 € before
        (99_999.99, "travaux", MARCH_2026, ["direct", "clause"]),
        (100_000, "travaux", MARCH_2026, ["direct_lot", "clause"]),
        (50_000, "travaux", date(2020, 12, 7), ["direct_lot", "clause"]),
        (50_000, "travaux", date(2020, 12, 8), ["direct", "clause"]),
        # innovative purchases: R2122-9-1 since 16 December 2021
        (99_999.99, "services", AUTUMN_2026, ["innovative", "direct_lot", "clause"]),
        (100_000, "services", AUTUMN_2026, ["direct_lot", "clause"]),
        (50_000, "services", date(2021, 12, 15), ["direct_lot", "clause"]),
        # small lots of a contract above the European threshold: R2123-1 2°
        (215_999.99, "services", AUTUMN_2026, ["direct_lot", "clause"]),
        (216_000, "services", AUTUMN_2026, ["direct_lot", "small_lots", "clause_compulsory"]),
        (220_999, "services", date(2025, 6, 1), ["direct_lot", "clause"]),
        (221_000, "services", date(2025, 6, 1), ["direct_lot", "small_lots", "clause"]),
        (5_403_999, "travaux", AUTUMN_2026, ["direct_lot", "clause"]),
        (5_404_000, "travaux", AUTUMN_2026, ["direct_lot", "small_lots", "clause_compulsory"]),
        # the social clause is a duty since 22 August 2026: L2112-2-1
        (300_000, "services", BEFORE_DUTY, ["direct_lot", "small_lots", "clause"]),
        (300_000, "services", DUTY, ["direct_lot", "small_lots", "clause_compulsory"]),
        (300_000, None, DUTY, ["direct_lot", "small_lots", "clause_compulsory"]),
        # what is not known is not said
        (None, "services", AUTUMN_2026, ["clause"]),
        (6_000_000, "travaux", date(2028, 1, 1), ["direct_lot", "clause"]),
        (1_000, "services", date(2019, 3, 31), []),
    ],
)
def test_routes_follow_amount_nature_and_date(
    amount: float | None, nature: Nature | None, on: date, expected: list[str]
) -> None:
    assert codes(routes.advise(amount, nature, on)) == expected


@pytest.mark.parametrize(
    ("amount", "state", "compulsory"),
    [
        (139_999.99, True, False),
        (140_000, True, True),
        (140_000, False, False),
        (216_000, False, True),
    ],
)
def test_the_state_is_held_to_its_own_threshold(
    amount: float, state: bool, compulsory: bool
) -> None:
    found = codes(routes.advise(amount, "services", AUTUMN_2026, state=state))
    assert ("clause_compulsory" in found) == compulsory
    works = codes(routes.advise(amount, "travaux", AUTUMN_2026, state=state))
    assert "clause_compulsory" not in works


@pytest.mark.parametrize(
    ("nature", "on", "reserved"),
    [
        ("services", AUTUMN_2026, ["handicap", "siae", "both", "ess"]),
        (None, AUTUMN_2026, ["handicap", "siae", "both", "ess"]),
        ("travaux", AUTUMN_2026, ["handicap", "siae", "both"]),
        ("fournitures", AUTUMN_2026, ["handicap", "siae", "both"]),
        ("services", date(2020, 12, 8), ["handicap", "siae", "ess"]),  # L2113-14: loi ASAP
        ("services", date(2019, 3, 31), []),
    ],
)
def test_reservations_follow_their_articles(
    nature: Nature | None, on: date, reserved: list[str]
) -> None:
    found = [r.code for r in routes.advise(None, nature, on)]
    assert [c for c in found if c.startswith("reserved_")] == [f"reserved_{r}" for r in reserved]


@pytest.mark.parametrize(
    ("amount", "on", "expected"),
    [
        (10_000, AUTUMN_2026, "concession_clause"),
        (5_404_000, AUTUMN_2026, "concession_clause_compulsory"),
        (5_404_000, BEFORE_DUTY, "concession_clause"),
        (None, AUTUMN_2026, "concession_clause"),
    ],
)
def test_a_concession_has_no_direct_threshold(
    amount: float | None, on: date, expected: str
) -> None:
    found = routes.advise(amount, "services", on, concession=True)
    assert [r.code for r in found] == ["concession_reserved", expected, "concession_criterion"]
    said = " ".join(reminders.reminders(amount, "services", on, concession=True))
    assert "pas de seuil d'achat direct" in said


def test_the_same_need_in_march_and_in_may_gets_two_answers_and_says_why() -> None:
    march = routes.advise(50_000, "services", date(2026, 3, 15))
    may = routes.advise(50_000, "services", date(2026, 5, 15))
    assert "direct" not in codes(march)
    assert codes(may)[0] == "direct"
    said = " ".join(reminders.reminders(50_000, "services", date(2026, 3, 15)))
    assert "à partir du 1er avril 2026" in said
    assert "60\u202f000 € HT" in said


@pytest.mark.parametrize(
    ("amount", "nature", "on", "sentence"),
    [
        (70_000, None, AUTUMN_2026, "s'il s'agissait de travaux"),
        (10_000, "services", date(2018, 1, 1), "entré en vigueur le 1er avril 2019"),
        (10_000, "services", date(2019, 6, 1), "Aucun seuil d'achat direct n'est connu"),
        (10_000, "services", AUTUMN_2026, "défense ou de sécurité"),
        (10_000, "services", DUTY, "condition d'exécution environnementale"),
    ],
)
def test_what_to_know_beside_the_routes_is_said(
    amount: float, nature: Nature | None, on: date, sentence: str
) -> None:
    assert sentence in " ".join(reminders.reminders(amount, nature, on))


def test_environmental_duty_is_not_said_before_its_day() -> None:
    assert "environnementale" not in " ".join(reminders.reminders(1_000, None, BEFORE_DUTY))


def test_direct_purchase_reminds_not_to_take_always_the_same_supplier() -> None:
    direct = routes.advise(10_000, "services", AUTUMN_2026)[0]
    assert "ne prenez pas toujours le même fournisseur" in direct.explanation
    assert "60\u202f000 € HT" in direct.explanation
    assert [t.source for t in direct.thresholds] == [
        t.source
        for t in thresholds.all_thresholds()
        if t.rule == "direct.supplies_services" and t.value == 60_000
    ]


def test_small_lots_state_their_ceiling() -> None:
    by_code = {r.code: r for r in routes.advise(300_000, "services", AUTUMN_2026)}
    assert "80\u202f000 € HT" in by_code["small_lots"].explanation
    assert "soit 60\u202f000 € HT" in by_code["small_lots"].explanation  # 20 % of 300 000


def test_compulsory_clause_states_its_uncertainty() -> None:
    found = routes.advise(300_000, "services", AUTUMN_2026)
    clause = next(route for route in found if route.code == "clause_compulsory")
    assert clause.to_check
    assert "restent à confirmer" in clause.caution
    assert "140\u202f000 € HT" in clause.caution


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("reserved_siae", "BT-71", "res-ws"),
        ("reserved_handicap", "BT-71", "res-ws"),
        ("reserved_ess", "BT-71", "res-pub-ser"),
        ("clause", "BT-71", "none"),
        ("clause", "BT-06", "soc-obj"),
        ("clause", "BT-775", "opp"),
        ("clause", "BT-736", "no"),
        ("reserved_siae", "BT-736", "yes"),
        ("clause_compulsory", "considerationsSociales", "Clause sociale"),
        ("criterion", "considerationsSociales", "Critère social"),
        ("reserved_both", "considerationsSociales", "Marché réservé"),
        ("concession_reserved", "considerationsSociales", "Concession réservée"),
        ("environment", "BT-06", "env-imp"),
        ("environment", "considerationsEnvironnementales", "Clause environnementale"),
    ],
)
def test_fields_to_fill_in_follow_the_route(code: str, field: str, value: str) -> None:
    assert [e.value for e in entries_for(code) if e.field == field] == [value]


def test_every_route_has_words_articles_and_fields_to_fill_in() -> None:
    for route in routes.all_routes():
        assert route.articles
        assert all(articles.get(code) for code in route.articles), route.code
        assert route.conditions, route.code
        assert "DECP" in {entry.where for entry in route.entries} or route.code == "small_lots"
        assert {entry.status for entry in route.entries} <= {"seen", "inferred"}


DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
NATURES = st.sampled_from([None, "travaux", "services", "fournitures"])


@given(st.none() | st.floats(), NATURES, DAYS, st.booleans(), st.booleans())
def test_any_amount_and_day_has_an_answer_or_a_refusal(
    amount: float | None, nature: Nature | None, on: date, state: bool, concession: bool
) -> None:
    try:
        found = routes.advise(amount, nature, on, state=state, concession=concession)
    except InvalidInputError:
        assert amount is not None
        assert not 0 < amount <= routes.MAX_AMOUNT_EUR
        return
    said = [route.explanation + "".join(route.conditions) for route in found]
    assert not any("{" in text for text in said)
    assert all("pas un avis juridique" in route.caution for route in found)
    assert (on >= routes.CODE_SINCE) == bool(found)
    assert reminders.reminders(amount, nature, on, state=state, concession=concession)


@given(st.floats(1, 1e7), st.floats(1, 1e7), NATURES, DAYS)
def test_a_smaller_amount_is_bought_directly_where_a_greater_one_is(
    one: float, other: float, nature: Nature | None, on: date
) -> None:
    small, great = sorted((one, other))
    if "direct" in codes(routes.advise(great, nature, on)):
        assert "direct" in codes(routes.advise(small, nature, on))
    if "clause_compulsory" in codes(routes.advise(small, nature, on)):
        assert "clause_compulsory" in codes(routes.advise(great, nature, on))


def test_thresholds_change_on_the_day_that_the_data_says() -> None:
    for row in thresholds.all_thresholds():
        eve = row.valid_from - timedelta(days=1)
        assert thresholds.find(row.rule, row.valid_from) == row
        assert thresholds.find(row.rule, eve) != row
        if (later := thresholds.next_after(row.rule, row.valid_from)) is not None:
            assert later.valid_from > row.valid_from
