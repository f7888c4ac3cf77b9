"""Pages of a list and their addresses."""

import pytest

from annuaire.paging import Page, address, page_number


def page(number: int, total: int) -> Page[str]:
    return Page((), total, number, 20, lambda n: f"?page={n}")


@pytest.mark.parametrize(
    ("value", "total", "expected"),
    [
        (None, 100, 1),
        ("", 100, 1),
        ("3", 100, 3),
        ("99", 100, 5),
        ("-4", 100, 1),
        ("0", 100, 1),
        ("deux", 100, 1),
        ("2", 0, 1),
        ("9" * 5000, 100, 1),
    ],
)
def test_page_number_stays_within_the_list(value: str | None, total: int, expected: int) -> None:
    assert page_number(value, total, 20) == expected


@pytest.mark.parametrize(
    ("number", "total", "first", "last", "pages"),
    [(1, 0, 0, 0, 1), (1, 5, 1, 5, 1), (2, 45, 21, 40, 3), (3, 45, 41, 45, 3)],
)
def test_page_says_where_it_stands(
    number: int, total: int, first: int, last: int, pages: int
) -> None:
    shown = page(number, total)
    assert (shown.first, shown.last, shown.pages) == (first, last, pages)


def test_page_ends_have_no_neighbour() -> None:
    assert page(1, 45).previous_url is None
    assert page(1, 45).next_url == "?page=2"
    assert page(3, 45).next_url is None


@pytest.mark.parametrize(
    ("number", "total", "expected"),
    [
        (1, 20, "[1]"),
        (1, 200, "[1] 2 3 … 10"),
        (5, 200, "1 … 3 4 [5] 6 7 … 10"),
        (4, 200, "1 2 3 [4] 5 6 … 10"),
        (10, 200, "1 … 8 9 [10]"),
    ],
)
def test_links_name_ends_and_neighbours(number: int, total: int, expected: str) -> None:
    links = page(number, total).links
    shown = [
        "…" if k.url is None else f"[{k.number}]" if k.current else str(k.number) for k in links
    ]
    assert " ".join(shown) == expected


@pytest.mark.parametrize(
    ("arguments", "changes", "expected"),
    [
        ([], {}, "/x"),
        ([("q", "l'été"), ("lieu", "")], {}, "/x?q=l%27%C3%A9t%C3%A9"),
        ([("type", "EI"), ("type", "EA")], {"page": 2}, "/x?type=EI&type=EA&page=2"),
        ([("q", "a"), ("page", "3")], {"page": None}, "/x?q=a"),
    ],
)
def test_address_is_one_for_one_search(
    arguments: list[tuple[str, str]], changes: dict[str, int | None], expected: str
) -> None:
    assert address("/x", arguments, **changes) == expected
