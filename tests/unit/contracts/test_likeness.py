"""Which awards of the essential data are matched with which award notices, and which are not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from annuaire.contracts.likeness import Award, matches, scored

DAY = date(2026, 3, 2)
DECP = Award(
    reference="decp-1", lot="1", title=None, holder="vitres d essai", siren="000090019",
    amount_eur=61_137.5, on=DAY, published_on=DAY + timedelta(days=20), cpv="90911300",
)  # fmt: skip
NOTICE = Award(
    reference="boamp-26-1", lot="2", title="Nettoyage de la mairie Vitres",
    holder="vitres d essai", siren=None, amount_eur=61_137.5, on=DAY,
    published_on=DAY + timedelta(days=9), cpv=None,
)  # fmt: skip


def joined(essential: list[Award], official: list[Award]) -> list[tuple[str, str, str]]:
    found = matches(essential, official, lambda reference: reference)
    backwards = matches(essential[::-1], official[::-1], lambda reference: reference)
    assert found == backwards
    return sorted((m.essential, m.official, m.lot) for m in found)


def days(count: int) -> date:
    return DAY + timedelta(days=count)


@pytest.mark.parametrize(
    ("essential", "official", "holds"),
    [
        ({}, {"siren": "000090019"}, True),  # the same company for sure, amount and day
        ({}, {"cpv": "90911300"}, True),
        ({}, {"cpv": "90911200"}, True),
        ({"title": "Nettoyage de la mairie : vitres"}, {}, True),
        ({"on": days(45), "title": "Nettoyage de la mairie : vitres"}, {}, True),
        ({"holder": "autre nom"}, {"siren": "000090019"}, True),
        ({"amount_eur": 61_300}, {"siren": "000090019", "cpv": "90911300"}, True),
        (
            {"amount_eur": 60_000},
            {"amount_eur": 60_000, "siren": "000090019", "cpv": "90911300"},
            True,
        ),
        # The notice names no day: it was published soon after the notification.
        ({}, {"on": None, "siren": "000090019", "cpv": "90911200"}, True),
        # Near misses. Buyer, amount, name and day alone: real orders of one day were that alike.
        ({}, {}, False),
        ({}, {"cpv": "90000000"}, False),  # the same division only
        ({"on": days(45)}, {"cpv": "90911200"}, False),
        ({"amount_eur": 60_000}, {"amount_eur": 60_000, "cpv": "90911300"}, False),  # round
        ({"amount_eur": 61_900}, {"siren": "000090019", "cpv": "90911300"}, False),  # 1.2 % apart
        ({"amount_eur": 61_300}, {"siren": "000090019"}, False),  # near, and nothing more
        (
            {"amount_eur": None, "title": "Nettoyage de la mairie : vitres"},
            {"siren": "000090019", "cpv": "90911300"},
            False,
        ),  # no amount
        ({}, {"siren": "111111111", "cpv": "90911300"}, False),  # another company of that name
        ({"holder": "sols d essai", "siren": None}, {"cpv": "90911300"}, False),
        ({"on": days(200)}, {"siren": "000090019", "cpv": "90911300"}, False),
        ({"on": days(-120)}, {"siren": "000090019", "cpv": "90911300"}, False),
        ({}, {"on": None, "siren": "000090019", "published_on": days(200)}, False),
        ({}, {"on": None, "siren": "000090019", "published_on": days(-40)}, False),
        ({"title": "Fourniture de denrées surgelées"}, {"siren": "000090019"}, False),
        # Real titles of two contracts that one company won on one day for one amount.
        (
            {"title": "Construction d'un centre d'exploitation routier à Rimaucourt"},
            {"title": "Construction d'un centre d'exploitation routier à Bourg-Sainte-Marie"},
            False,
        ),
        ({}, {"siren": "000090019", "cpv": "45210000"}, False),  # works, and cleaning
        ({"amount_eur": 1.0}, {"amount_eur": 1.0, "siren": "000090019"}, False),  # no price
        ({"amount_eur": 999_999_999.0}, {"amount_eur": 999_999_999.0, "siren": "000090019"}, False),
    ],
)
def test_a_pair_holds_on_strong_evidence_only(
    essential: dict[str, object], official: dict[str, object], *, holds: bool
) -> None:
    one, other = replace(DECP, **essential), replace(NOTICE, **official)  # type: ignore[arg-type]  # fields
    assert joined([one], [other]) == ([("decp-1", "boamp-26-1", "2")] if holds else [])


def test_a_match_says_why() -> None:
    found = scored(DECP, replace(NOTICE, cpv="90911200"))
    assert found is not None
    points, reasons = found
    assert points == 35 + 30 + 15 + 8
    assert [text.replace("\u202f", " ").replace("\xa0", " ") for text in reasons] == [
        "même acheteur (SIREN)", "même montant (61 138 € HT)", "même nom de titulaire",
        "même date", "codes CPV voisins",
    ]  # fmt: skip


SURE = replace(NOTICE, siren="000090019")


def test_two_alike_are_told_apart_by_a_title_or_by_nothing() -> None:
    twin = replace(SURE, reference="boamp-26-2", title="Entretien de la piscine Baies")
    assert joined([DECP], [SURE, twin]) == []
    titled = replace(DECP, title="Nettoyage de la mairie, vitres")
    assert joined([titled], [SURE, twin]) == [("decp-1", "boamp-26-1", "2")]


def test_two_awards_of_one_amount_and_holder_do_not_share_a_notice() -> None:
    again = replace(DECP, reference="decp-2")
    assert joined([DECP, again], [SURE]) == []
    later = replace(again, on=days(85))  # far behind, on all counts
    assert joined([replace(DECP, title="Nettoyage mairie vitres"), later], [SURE]) == [
        ("decp-1", "boamp-26-1", "2")
    ]


def test_lots_of_one_notice_are_matched_each_with_its_own() -> None:
    second = replace(NOTICE, cpv="90911300", lot="3", amount_eur=12_345.0, holder="sols d essai")
    other = replace(
        DECP, reference="decp-2", amount_eur=12_345.0, holder="sols d essai", siren=None
    )
    assert joined([DECP, other], [SURE, second]) == [
        ("decp-1", "boamp-26-1", "2"), ("decp-2", "boamp-26-1", "3"),
    ]  # fmt: skip


def test_an_amount_that_very_many_share_tells_nothing() -> None:
    many = [replace(SURE, reference=f"boamp-26-{n}", title=f"Objet {n:03}") for n in range(200)]
    told = replace(DECP, title="Nettoyage de la mairie, vitres")
    assert joined([told], [SURE, *many[1:]]) == [("decp-1", "boamp-26-1", "2")]
    assert joined([told], [SURE, *many]) == []


def test_what_a_person_parted_is_not_matched_again() -> None:
    apart = {("decp-1", "boamp-26-1")}
    assert matches([DECP], [SURE], lambda reference: reference, apart) == []
