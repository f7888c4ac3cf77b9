"""Counts of the filters as users read them: choosing one value hides no other."""

from collections import Counter
from datetime import date

import pytest

from annuaire.bench.documents import structure_documents
from search.engine import Engine
from search.facets import search_with_facets
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, parse
from tests.integration.search.register import GENERATED, GENERATED_SEED

DAY = date(2026, 3, 2)
FACETS = ("kinds", "families", "departement")


def counts(engine: Engine, **values: list[str]) -> dict[str, dict[str, int]]:
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
    assert asked.errors == ()
    hits = search_with_facets(engine, "structures", asked, DAY, facets=FACETS, per_page=20)
    return {name: dict(values) for name, values in hits.facets.items()}


def test_a_filter_counts_its_other_values_as_if_it_were_not_set(generated: Engine) -> None:
    documents = list(structure_documents(GENERATED, seed=GENERATED_SEED))
    found = counts(generated, type=["EA"], departement=["59", "62"])
    of_north = [d for d in documents if d["departement"] in ("59", "62")]
    of_kind = [d for d in documents if "EA" in d["kinds"]]
    assert found["kinds"] == Counter(kind for d in of_north for kind in d["kinds"])
    assert found["departement"] == Counter(d["departement"] for d in of_kind)
    assert found["families"] == Counter(
        family for d in of_north if "EA" in d["kinds"] for family in d.get("families", ())
    )


@pytest.mark.parametrize(
    ("first", "second"), [({"type": ["ACI"]}, "EI"), ({"type": ["EA"], "q": ["net"]}, "EI")]
)
def test_a_second_value_adds_what_its_count_said(
    filled: Engine, first: dict[str, list[str]], second: str
) -> None:
    def total(**values: list[str]) -> int:
        asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
        return search_with_facets(
            filled, "structures", asked, DAY, facets=FACETS, per_page=20
        ).total

    added = counts(filled, **first)["kinds"].get(second, 0)
    both = {**first, "type": [*first["type"], second]}
    assert total(**both) == total(**first) + added


def test_the_place_still_limits_the_counts_of_the_departements(filled: Engine) -> None:
    assert set(counts(filled, lieu=["Nord"], departement=["59"])["departement"]) == {"59"}
    assert set(counts(filled, departement=["59"])["departement"]) > {"59", "69"}


def test_a_chosen_value_counts_what_the_list_shows(filled: Engine) -> None:
    """No EA does « blanchisserie traiteur »: the list falls back to some of the words."""
    asked = parse(
        STRUCTURE_FILTERS, STRUCTURE_SORTS, {"q": ["blanchisserie traiteur"], "type": ["EA"]}
    )
    hits = search_with_facets(filled, "structures", asked, DAY, facets=FACETS, per_page=20)
    assert hits.relaxed
    assert hits.facets["kinds"]["EA"] == hits.total > 0
