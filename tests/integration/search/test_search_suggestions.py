"""What is proposed while one types, and what is like something: the same of every engine."""

import pytest

from search.engine import Engine


def proposed(engine: Engine, text: str, limit: int = 8) -> list[tuple[str, str]]:
    return [(s.kind, s.text) for s in engine.suggest("structures", text, limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("blanch", ("activity", "blanchisserie")),
        ("blanch", ("name", "Blanchisserie du Littoral")),
        ("vill", ("place", "Villeurbanne")),
        ("lyon", ("place", "Lyon")),
        ("lyon", ("name", "Lyon Services")),
        ("SAINT-E", ("place", "Saint-Étienne")),
        ("paysages d'av", ("name", "Paysages d’Avenir")),
        ("netoyage", ("activity", "nettoyage de locaux")),  # a typo
        ("proprete", ("name", "Clair Propreté")),  # no accent
        ("oeuvre", ("name", "Main d’Œuvre Corse")),
    ],
)
def test_a_beginning_proposes(filled: Engine, typed: str, expected: tuple[str, str]) -> None:
    assert expected in proposed(filled, typed)


def test_a_name_comes_with_its_document(filled: Engine) -> None:
    (found,) = filled.suggest("structures", "vert demain")
    assert (found.kind, found.text, found.id) == ("name", "Vert Demain", "3")


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 50])
def test_proposals_are_few_distinct_and_shared_between_kinds(filled: Engine, limit: int) -> None:
    """« li » begins an activity, a place, and words of two names."""
    found = proposed(filled, "li", limit)
    assert len(found) == len(set(found)) == min(limit, 4)
    assert len({kind for kind, _ in found}) == min(limit, 3)


@pytest.mark.parametrize("typed", ["", " ", "le la", "zzzzzzz", '"', "\x00", "a" * 10_000])
def test_what_begins_nothing_proposes_nothing(filled: Engine, typed: str) -> None:
    assert proposed(filled, typed) == []


def test_contracts_propose_titles(filled: Engine) -> None:
    found = filled.suggest("contracts", "blanch")
    assert [(s.kind, s.text) for s in found] == [("name", "Prestations de blanchisserie")]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("3", ["5", "4"]),  # the same activity; 5 and 4 are told apart by distance below
        ("6", ["7"]),
        ("10", []),  # alone in its activity
        ("nobody", []),
    ],
)
def test_similar_share_an_activity(filled: Engine, key: str, expected: list[str]) -> None:
    found = [hit.id for hit in filled.similar("structures", key)]
    assert sorted(found) == sorted(expected)


def test_similar_come_nearest_first_with_their_distance(filled: Engine) -> None:
    hits = filled.similar("structures", "4")
    assert [hit.id for hit in hits] == ["5", "3"]
    distances = [hit.distance_km or 0.0 for hit in hits]
    assert distances[0] < 60 < distances[1]
    assert len(filled.similar("structures", "4", limit=1)) == 1


def test_similar_without_a_place_are_found_too(filled: Engine) -> None:
    (hit,) = filled.similar("structures", "14")
    assert (hit.id, hit.distance_km) == ("15", None)
