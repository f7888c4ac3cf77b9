from datetime import date

import pytest

from annuaire.law import articles, routes
from annuaire.law.routes import Nature

SPRING_2026 = date(2026, 3, 31)
AUTUMN_2026 = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("amount", "nature", "on", "codes"),
    [
        (39_999, "services", SPRING_2026, ["direct", "clause"]),
        (50_000, "services", SPRING_2026, ["clause"]),
        (50_000, "services", AUTUMN_2026, ["direct", "clause"]),
        (60_000, "fournitures", AUTUMN_2026, ["clause"]),
        (99_000, "travaux", AUTUMN_2026, ["direct", "clause"]),
        (99_000, None, AUTUMN_2026, ["clause"]),
        (None, "services", AUTUMN_2026, ["clause"]),
        (300_000, "services", date(2026, 8, 21), ["clause"]),
        (300_000, "services", AUTUMN_2026, ["clause_compulsory"]),
        (300_000, "travaux", AUTUMN_2026, ["clause"]),
        (6_000_000, "travaux", AUTUMN_2026, ["clause_compulsory"]),
        (6_000_000, "travaux", date(2028, 1, 1), ["clause"]),
        (-5, "services", AUTUMN_2026, ["clause"]),
        (1_000, "services", date(1999, 1, 1), ["clause"]),
    ],
)
def test_routes_follow_amount_nature_and_date(
    amount: float | None, nature: Nature | None, on: date, codes: list[str]
) -> None:
    found = [r.code for r in routes.advise(amount, nature, on)]
    assert [c for c in found if not c.startswith("reserved")] == codes
    assert [c for c in found if c.startswith("reserved")] == [
        "reserved_handicap",
        "reserved_siae",
        "reserved_both",
    ]


def test_every_route_cites_known_articles_and_says_it_is_no_legal_advice() -> None:
    for amount in (1_000, 300_000):
        for route in routes.advise(amount, "services", AUTUMN_2026):
            assert "pas un avis juridique" in route.caution
            assert route.articles
            assert all(articles.get(code) for code in route.articles)


def test_direct_purchase_reminds_not_to_take_always_the_same_supplier() -> None:
    direct = routes.advise(10_000, "services", AUTUMN_2026)[0]
    assert "ne prenez pas toujours le même fournisseur" in direct.explanation
    assert "60\u202f000 € HT" in direct.explanation


def test_compulsory_clause_states_its_uncertainty() -> None:
    clause = routes.advise(300_000, "services", AUTUMN_2026)[-1]
    assert "restent à confirmer" in clause.caution
    assert "140\u202f000 € HT" in clause.caution
