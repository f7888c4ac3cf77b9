"""Who comes before whom, why, and what to beware of: cases that a buyer can read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.matching.candidates import Candidate, Held, Won, from_stored
from annuaire.matching.contesting import Contest
from annuaire.matching.features import FEATURES, Feature
from annuaire.matching.need import Need, need_from_form
from annuaire.matching.scoring import BARRED_LABEL, Suggestion, in_words, rank

TODAY = date(2026, 5, 4)
LILLE, ROUBAIX, PARIS = (50.63, 3.06), (50.69, 3.18), (48.85, 2.35)
CLEANING = Held("nettoyage-locaux", "declared", "siae", 1.0)


def suggestions(
    need: Need, candidates: list[Candidate], day: date, contests: Iterable[Contest] = ()
) -> list[Suggestion]:
    """The candidates in words, the best first."""
    return in_words(need, rank(need, candidates, day, contests=contests))


def structure(name: str, **changes: object) -> Candidate:
    """A cleaning company in Lille unless told otherwise."""
    base = Candidate(
        key=name, name=name, siret=name, kinds=("EI",), activities=(CLEANING,), city="Lille",
        departement="59", region="32", lat=LILLE[0], lon=LILLE[1],
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def at(
    place: tuple[float, float], departement: str = "59", region: str = "32"
) -> dict[str, object]:
    return {"lat": place[0], "lon": place[1], "departement": departement, "region": region}


def need(**changes: object) -> Need:
    """Office cleaning in Lille."""
    made = need_from_form("nettoyage de bureaux", on=TODAY, place="Lille", amount_eur=30_000)
    return replace(made, **changes)  # type: ignore[arg-type]


def won(**changes: object) -> Won:
    """A cleaning lot won last year in the Nord."""
    base = Won(
        on=date(2025, 6, 1), activities=("nettoyage-locaux",), departement="59",
        buyer_key="commune essai|59", buyer_name="Ville d'Essai", title="Nettoyage de bureaux",
        reference="boamp-25-1#1",
    )  # fmt: skip
    return base._replace(**changes)  # type: ignore[arg-type]


def names(found: list[Suggestion]) -> list[str]:
    return [s.name for s in found]


def inferred(code: str, origin: str = "naf", weight: float = 0.4) -> Held:
    return Held(code, origin, "8121Z", weight)


@pytest.mark.parametrize(
    ("why", "better", "worse"),
    [
        ("declared beats inferred", {}, {"activities": (inferred("nettoyage-locaux"),)}),
        ("exact beats near", {}, {"activities": (CLEANING._replace(code="nettoyage-vehicules"),)}),
        ("near beats another trade",
         {"activities": (CLEANING._replace(code="nettoyage-specifique"),)},
         {"activities": (CLEANING._replace(code="impression"),)}),
        ("usual for its kind beats another trade",
         {"activities": (), "kinds": ("RQ",)}, {"activities": (inferred("impression"),)}),
        ("nearer", {}, at(ROUBAIX)),
        ("same région beats far away", at((49.9, 2.3), "80"), at(PARIS, "75", "11")),
        ("performs beats lends", {}, {"kinds": ("ETTI",)}),
        ("won lots of this kind", {"wins": (won(),)}, {}),
        ("won recently", {"wins": (won(),)}, {"wins": (won(on=date(2015, 6, 1)),)}),
        ("won alike beats won other", {"wins": (won(),)},
         {"wins": (won(activities=("impression",), title="Affiches"),)}),
        ("sold trade beats a town's own workshop", {}, {"naf": "8411Z"}),
    ],
)  # fmt: skip
def test_better_candidate_comes_first(
    why: str, better: dict[str, object], worse: dict[str, object]
) -> None:
    candidates = [structure("moins bien", **worse), structure("mieux", **better)]
    found = suggestions(need(), candidates, TODAY)
    assert names(found) == ["mieux", "moins bien"], why
    assert found[0].score > found[1].score, why


@pytest.mark.parametrize(
    ("reserved", "lent", "kinds", "barred", "caution"),
    [
        ("reserved_siae", False, ("EI",), False, None),
        ("reserved_siae", False, ("ESAT",), True, "L2113-13"),
        ("reserved_siae", False, ("RQ",), False, "L5132-4"),
        ("reserved_handicap", False, ("EA",), False, None),
        ("reserved_handicap", False, ("ACI",), True, "L2113-12"),
        ("reserved_handicap", False, ("ACI", "EA"), False, None),
        ("reserved_unspecified", False, ("ACI",), False, None),
        ("reserved_unspecified", False, ("ESAT",), False, None),
        ("reserved_handicap", False, (), True, "aucun statut connu"),
        (None, True, ("AI",), False, None),
        (None, True, ("EI",), False, "ne met pas de personnel à disposition"),
        (None, False, ("ETTI",), False, "met surtout du personnel à disposition"),
    ],
)
def test_kind_is_held_against_reservation_and_way(
    reserved: str | None, lent: bool, kinds: tuple[str, ...], barred: bool, caution: str | None
) -> None:
    asked = need(reserved=(reserved,) if reserved else (), lent=lent)
    (found,) = suggestions(asked, [structure("a", kinds=kinds)], TODAY)
    assert (found.score_label == BARRED_LABEL) is barred
    assert (found.score == 0) is barred
    said = " ".join(found.cautions)
    assert caution in said if caution else "L2113" not in said


@pytest.mark.parametrize(
    ("until", "on", "said"),
    [
        ((("EI", "2026-12-31"),), date(2026, 12, 31), False),
        ((("EI", "2026-12-31"),), date(2027, 1, 1), True),
        ((("EI", "2026-12-31"), ("ESUS", "2030-01-01")), date(2027, 1, 1), True),
        ((), date(2090, 1, 1), False),
    ],
)
def test_agreement_is_looked_at_on_the_day_of_the_need(
    until: tuple[tuple[str, str], ...], on: date, said: bool
) -> None:
    (found,) = suggestions(need(on=on), [structure("a", until=until)], TODAY)
    (plain,) = suggestions(need(on=on), [structure("a")], TODAY)
    assert any("renouvellement" in each for each in found.cautions) is said
    assert found.score == plain.score
    stored = {"name": "A", "until": [list(each) for each in until]}
    assert from_stored(stored).until == until


def test_structure_that_cannot_answer_comes_last_without_reasons() -> None:
    near = structure("tout près, non admise", kinds=("ESAT",))
    far = structure("loin, admise", **at(PARIS, "75", "11"))
    found = suggestions(need(reserved=("reserved_siae",)), [near, far], TODAY)
    assert names(found) == ["loin, admise", "tout près, non admise"]
    assert found[1].reasons == ()


def test_reasons_are_sentences_with_points_heaviest_first() -> None:
    (found,) = suggestions(need(), [structure("a", wins=(won(),))], TODAY)
    points = [int(weight.split()[0]) for _, weight in found.reasons]
    assert points == sorted(points, reverse=True)
    assert all(sentence.endswith(".") for sentence, _ in found.reasons)
    sentences = " ".join(sentence for sentence, _ in found.reasons)
    assert "Activité : Nettoyage de locaux et de bureaux (déclarée)." in sentences
    assert "Dans le département du besoin : Nord (59)." in sentences
    assert "A déjà gagné 1\u00a0lot de ce genre, le dernier pour Ville d'Essai" in sentences
    assert sum(points) == pytest.approx(found.score, abs=8)


@pytest.mark.parametrize(
    ("why", "changes", "amount", "caution"),
    [
        ("already served", {"wins": (won(),)}, 30_000.0, "R2122-8"),
        ("too large", {"employees_range": "1 à 9 salariés"}, 900_000.0, "Montant élevé"),
        ("not located", {"lat": None, "lon": None}, None, "Adresse non localisée"),
        ("far", at(PARIS, "75", "11"), None, "Éloignée"),
        ("public body", {"naf": "8411Z"}, None, "collectivité"),
        (
            "ends before",
            {"until": (("EI", "2026-05-03"),)},
            None,
            "comme EI jusqu'au 3",
        ),
        ("no status", {"kinds": ()}, None, "Aucun statut en cours connu"),
        ("trade unknown", {"activities": ()}, None, "Rien de connu ne dit"),
    ],
)
def test_caution_is_said(
    why: str, changes: dict[str, object], amount: float | None, caution: str
) -> None:
    asked = need(amount_eur=amount, buyer_key="commune essai|59")
    (found,) = suggestions(asked, [structure("a", **changes)], TODAY)
    assert any(caution in sentence for sentence in found.cautions), why


def test_structure_of_unknown_trade_is_no_more_than_a_lead() -> None:
    wins = tuple(won(activities=(), title="Fourniture de plants") for _ in range(9))
    (found,) = suggestions(need(), [structure("a", activities=(), wins=wins)], TODAY)
    (known,) = suggestions(need(), [structure("b", wins=wins)], TODAY)
    assert found.score >= 50
    assert found.score_label == "Piste à vérifier"
    assert any("Rien de connu ne dit" in sentence for sentence in found.cautions)
    assert not any("Rien de connu ne dit" in sentence for sentence in known.cautions)


def test_large_amount_is_a_caution_not_an_exclusion() -> None:
    small = structure("petite", employees_range="1 à 9 salariés")
    cheap, dear = (
        suggestions(need(amount_eur=amount), [small], TODAY)[0] for amount in (10_000, 9e8)
    )
    assert cheap.score == dear.score


@pytest.mark.parametrize(
    ("why", "lot"),
    [
        ("the day itself", won(on=TODAY)),
        ("a later day", won(on=TODAY + timedelta(days=1))),
        ("its own contract", won(reference="boamp-26-7#2")),
    ],
)
def test_award_that_was_not_known_teaches_nothing(why: str, lot: Won) -> None:
    asked = need(reference="boamp-26-7", buyer_key="commune essai|59")
    with_it, without = (
        suggestions(asked, [structure("a", wins=wins)], TODAY)[0] for wins in ((lot,), ())
    )
    assert with_it == without, why


def test_equals_take_turns_over_the_days() -> None:
    equals = [structure(f"égale {n}", siret=None) for n in range(6)]
    days = [TODAY + timedelta(days=n) for n in range(120)]
    first = [names(suggestions(need(), equals, day))[0] for day in days]
    assert {first.count(c.name) > 5 for c in equals} == {True}


def test_order_does_not_depend_on_the_order_of_candidates() -> None:
    candidates = [structure(f"égale {n}") for n in range(8)]
    found = suggestions(need(), candidates, TODAY)
    assert suggestions(need(), candidates[::-1], TODAY) == found
    assert suggestions(need(), candidates, TODAY) == found


def test_weights_sum_to_a_hundred_and_names_are_unique() -> None:
    assert sum(row.weight for row in FEATURES) == 100
    assert len({row.name for row in FEATURES}) == len(FEATURES)


def test_document_with_a_name_only_is_a_candidate() -> None:
    candidate = from_stored({"name": "Essai", "id": "7"})
    assert (candidate.key, candidate.kinds, candidate.wins) == ("7", (), ())
    assert len(suggestions(need(), [candidate], TODAY)) == 1


@given(
    lat=st.none() | st.floats(-90, 90),
    kinds=st.lists(st.sampled_from(["EI", "ACI", "AI", "ESAT", "XX"]), max_size=3),
    weight=st.floats(0, 1),
    range_=st.none() | st.text(max_size=20),
    reserved=st.sampled_from([(), ("reserved_siae",), ("reserved_handicap", "reserved_ess")]),
    amount=st.none() | st.floats(1, 1e9),
)
def test_score_is_between_0_and_100_for_any_structure(
    lat: float | None,
    kinds: list[str],
    weight: float,
    range_: str | None,
    reserved: tuple[str, ...],
    amount: float | None,
) -> None:
    candidate = structure(
        "a", lat=lat, lon=lat, kinds=tuple(kinds), employees_range=range_,
        activities=(CLEANING._replace(weight=weight),), wins=(won(),) * 40,
    )  # fmt: skip
    (found,) = suggestions(need(reserved=reserved, amount_eur=amount), [candidate], TODAY)
    assert 0 <= found.score <= 100


@pytest.mark.parametrize("row", FEATURES, ids=lambda row: row.name)
def test_feature_is_documented_with_its_points(row: Feature) -> None:
    text = (Path(__file__).parents[3] / "docs" / "matching.md").read_text(encoding="utf-8")
    assert f"| `{row.name}` | {row.weight:g} |" in text
