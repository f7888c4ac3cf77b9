import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities.taxonomy import taxonomy
from annuaire.advising import hours
from annuaire.advising.hours import BOUNDS, PER_EUROS, Part, Rule, count, defaults
from annuaire.errors import InvalidInputError


@pytest.mark.parametrize(
    ("amount", "share", "rule", "expected"),
    [
        (1_000_000, 0.5, Rule(rate=0.05, cost_eur=30), 833),  # the example of mefsud77.fr
        (1_500_000, 0.7, Rule(rate=0.10, cost_eur=30), 3_500),  # that of the MDE Alès-Cévennes
        (630_000, 0.5, Rule(method=PER_EUROS), 420),  # 1 hour for 1 500 € HT
        (630_000, 0.5, Rule(method=PER_EUROS, of_labour=True), 210),
        (100, 0.01, Rule(), 0),
    ],
)
def test_hours_follow_amount_share_rate_and_cost(
    amount: float, share: float, rule: Rule, expected: int
) -> None:
    assert count([Part(amount, share)], rule).hours == expected


def test_several_lots_add_up_and_become_full_time_jobs() -> None:
    found = count([Part(1_000_000, 0.5), Part(200_000, 0.7)], Rule(full_time_hours=1607))
    assert [lot.hours for lot in found.lots] == [833, 233]
    assert found.hours == 1066
    assert found.full_times == 0.66


def test_every_parameter_stands_in_the_sentence() -> None:
    (lot,) = count([Part(1_000_000, 0.5)], Rule(rate=0.075, cost_eur=28.5)).lots
    assert lot.sentence == (
        "1\u202f000\u202f000 € HT × 50 % de main-d'œuvre × 7,5 % d'insertion ÷ 28,5 € de l'heure"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, bound) for name in BOUNDS for bound in (0.0, -1.0, float("nan"), float("inf"))),
        ("share", 1.01),
        ("rate", 1.5),
        ("cost_eur", 7.99),
        ("amount_eur", 1.1e10),
        ("full_time_hours", 2401),
    ],
)
def test_absurd_figures_are_refused_by_name(name: str, value: float) -> None:
    part = Part(value if name == "amount_eur" else 1_000.0, value if name == "share" else 0.5)
    rule = Rule(**{name: value}) if name not in ("amount_eur", "share") else Rule()  # type: ignore[arg-type]  # every field named is a float
    with pytest.raises(InvalidInputError) as refused:
        count([part], rule)
    assert refused.value.field == name


AMOUNTS, SHARES = st.floats(1, 1e10), st.floats(0.01, 1)
RULES = st.builds(
    Rule,
    method=st.sampled_from([hours.LABOUR, PER_EUROS]),
    rate=st.floats(0.001, 1),
    cost_eur=st.floats(8, 300),
    euros_per_hour=st.floats(50, 1e6),
    of_labour=st.booleans(),
    full_time_hours=st.floats(500, 2400),
)


@given(AMOUNTS, AMOUNTS, SHARES, RULES)
def test_more_money_never_gives_fewer_hours(
    one: float, other: float, share: float, rule: Rule
) -> None:
    small, great = sorted((one, other))
    found = count([Part(small, share), Part(great, share)], rule).lots
    assert 0 <= found[0].hours <= found[1].hours


@given(AMOUNTS, SHARES, st.floats(0.001, 1), st.floats(0.001, 1), st.floats(8, 300))
def test_a_higher_rate_never_gives_fewer_hours(
    amount: float, share: float, one: float, other: float, cost: float
) -> None:
    low, high = sorted((one, other))
    fewer = count([Part(amount, share)], Rule(rate=low, cost_eur=cost)).hours
    assert fewer <= count([Part(amount, share)], Rule(rate=high, cost_eur=cost)).hours


def test_figures_say_their_source_and_their_trades_are_of_the_taxonomy() -> None:
    known = defaults()
    figures = [known.cost, known.per_hour, *known.rates.values()]
    figures += [trade.share for trade in known.trades.values()]
    figures += [each.hours for each in known.full_times]
    assert all(
        figure.source and figure.status in {"seen", "inferred", "default"} for figure in figures
    )
    leaves = {leaf.code for leaf in taxonomy().leaves}
    assert {code for trade in known.trades.values() for code in trade.activities} <= leaves


@pytest.mark.parametrize(
    ("activities", "nature", "trades"),
    [
        (["peinture"], "travaux", ["peinture"]),
        (["nettoyage-locaux", "nettoyage-specifique"], "services", ["proprete"]),
        (["jeux-jouets"], None, ["defaut"]),
        ([], "travaux", ["defaut"]),
        (["peinture", "espaces-verts-creation"], "travaux", ["batiment"]),
        (
            ["nettoyage-locaux", "espaces-verts-entretien"],
            "services",
            ["proprete", "espaces-verts"],
        ),
        (["peinture", "jeux-jouets", "jeux-jouets"], None, ["peinture", "defaut"]),
    ],
)
def test_a_lot_takes_the_shares_of_its_trades(
    activities: list[str], nature: str | None, trades: list[str]
) -> None:
    assert [trade.code for trade in hours.trades_of(activities, nature)] == trades


def test_an_amount_is_cut_in_equal_parts_to_the_cent() -> None:
    known = defaults().trades
    parts = hours.split(100.0, [known["proprete"], known["peinture"], known["metal"]])
    assert [(p.amount_eur, p.share, p.label) for p in parts] == [
        (33.34, 0.5, "nettoyage"),
        (33.33, 0.7, "peinture intérieure"),
        (33.33, 0.2, "charpente métallique"),
    ]
    assert hours.split(100.0, [known["metal"]]) == (Part(100.0, 0.2),)


@pytest.mark.parametrize(
    ("nature", "rate"), [("travaux", 0.05), ("services", 0.1), ("fournitures", 0.05), (None, 0.05)]
)
def test_the_usual_rate_follows_the_nature(nature: str | None, rate: float) -> None:
    assert hours.rule_for(nature).rate == rate
