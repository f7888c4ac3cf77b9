"""A page of a list: where it stands, and the addresses of its neighbours."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
Arguments = Sequence[tuple[str, str]]


def address(path: str, arguments: Arguments, **changes: str | int | None) -> str:
    """`path` with its query string, where `changes` replace keys (None takes one away).

    Empty values are left out, so that one search has one address. Order is kept.
    """
    kept = [(key, value) for key, value in arguments if key not in changes and value != ""]
    kept += [(key, str(value)) for key, value in changes.items() if value is not None]
    return f"{path}?{urlencode(kept)}" if kept else path


def page_number(value: str | int | None, total: int, per_page: int) -> int:
    """The page asked for, brought back between 1 and the last page; nonsense gives 1."""
    last = max(1, -(-total // per_page))
    try:
        number = int(value or 1)
    except ValueError:
        return 1
    return min(max(number, 1), last)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of the pagination; `url` is None for the gap between distant pages."""

    number: int
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items` of page number `page` (from 1) out of `total`, `per_page` at a time.

    `build_url` gives the address of a page by its number; see `address`.
    """

    items: Sequence[T]
    total: int
    page: int
    per_page: int
    build_url: Callable[[int], str]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Rank of the first item shown, 0 for an empty list."""
        return (self.page - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.per_page, self.total)

    @property
    def previous_url(self) -> str | None:
        return self.build_url(self.page - 1) if self.page > 1 else None

    @property
    def next_url(self) -> str | None:
        return self.build_url(self.page + 1) if self.page < self.pages else None

    @property
    def links(self) -> tuple[PageLink, ...]:
        """First, last and the two pages on each side, with a gap where some are left out."""
        return tuple(self._links())

    def _links(self) -> Iterator[PageLink]:
        previous = 0
        for number in range(1, self.pages + 1):
            if number not in (1, self.pages) and abs(number - self.page) > 2:
                continue
            if number - previous > 1:
                yield PageLink(number - 1, None)
            yield PageLink(number, self.build_url(number), number == self.page)
            previous = number
