"""Names that other APIs give to our parameters: each told, none of them a filter of ours."""

import pytest

from annuaire.api.naming import NEAR, OF_A_SEARCH, near_names
from search.filters import CONTRACT_FILTERS, STRUCTURE_FILTERS


@pytest.mark.parametrize(
    ("asked", "named"),
    [("per_page", "limit"), ("pageSize", "limit"), ("page", "cursor"), ("query", "q"),
     ("sort-by", "tri"), ("ville", "lieu"), ("radius", "rayon"), ("champs", "fields")],
)  # fmt: skip
def test_near_name_tells_the_right_one(asked: str, named: str) -> None:
    (error,) = near_names([asked, "couleur"], OF_A_SEARCH)
    assert error.field == asked
    assert f"« {named} »" in error.message


def test_name_is_told_where_it_is_taken_alone() -> None:
    assert near_names(["ville"], ("limit",)) == []


def test_no_parameter_of_ours_is_taken_for_another() -> None:
    ours = {kind.key for kind in (*STRUCTURE_FILTERS, *CONTRACT_FILTERS)} | {*OF_A_SEARCH}
    assert NEAR.keys() & ours == set()
    assert set(NEAR.values()) <= {*OF_A_SEARCH, "updated_since"}
