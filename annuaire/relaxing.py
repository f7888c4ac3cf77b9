"""What to let go of a search that finds nothing: only what leads to results, and to how many."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from annuaire.paging import Arguments, address
from search.filters import Search

WIDER_KM = (50, 100, 200)
MOST = 5  # searches asked of the engine for one page

Count = Callable[[Search], int]


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence, the address that it leads to, and how many results are there where that was
    asked."""

    sentence: str
    url: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _Proposal:
    sentence: str
    url: str
    search: Search


def proposals(asked: Search, path: str, arguments: Arguments, count: Count) -> list[Link]:
    """What could be let go, from the least loss to the greatest; `count` gives the results of a
    search and is called `MOST` times at most, and up to twice more when no single step leads
    anywhere: then several are let go together."""
    wider = [*_wider(asked, path, arguments)]
    last = [*_last(asked, path, arguments)]
    filters = [*_filters(asked, path, arguments)][: MOST - len(wider) - len(last)]
    enough = islice(_leading(wider, count), 1)  # the smallest radius that leads somewhere
    found = [*enough, *_leading([*filters, *last], count)]
    return found or [*islice(_leading(_several(asked, path, arguments), count), 1)]


def corrected(
    asked: Search, correction: str, path: str, arguments: Arguments, count: Count
) -> Link | None:
    """The same search with its typos put right; None when that finds nothing."""
    if not correction:
        return None
    url = address(path, arguments, q=correction, page=None)
    proposal = _Proposal(correction, url, replace(asked, text=correction))
    return next(_leading([proposal], count), None)


def without(arguments: Arguments, *keys: str, value: str | None = None) -> list[tuple[str, str]]:
    """Arguments less the page and these keys, or of these keys one value."""
    return [
        (k, v)
        for k, v in arguments
        if k != "page" and not (k in keys and (value is None or v == value))
    ]


def _leading(several: Iterable[_Proposal], count: Count) -> Iterator[Link]:
    for each in several:
        if total := count(replace(each.search, page=1)):
            yield Link(each.sentence, each.url, total)


def _wider(asked: Search, path: str, arguments: Arguments) -> Iterator[_Proposal]:
    """The next radius and the greatest one."""
    if not asked.place or asked.radius_km is None:
        return
    greater = [*_greater(asked.radius_km)]
    for km in dict.fromkeys(greater[:1] + greater[-1:]):
        url = address(path, [*without(arguments, "rayon"), ("rayon", str(km))])
        yield _Proposal(f"Élargir à {km} km", url, replace(asked, radius_km=float(km)))


def _filters(asked: Search, path: str, arguments: Arguments) -> Iterator[_Proposal]:
    for chosen in asked.chosen:
        rest = tuple(each for each in asked.chosen if each != chosen)
        url = address(path, without(arguments, chosen.kind.key, value=chosen.value))
        sentence = f"Retirer le filtre « {chosen.sentence} »"
        yield _Proposal(sentence, url, replace(asked, chosen=rest))


def _several(asked: Search, path: str, arguments: Arguments) -> Iterator[_Proposal]:
    """The words alone: first around the place, then in the whole country."""
    if not (asked.text and asked.place and asked.chosen):
        return
    rest = without(arguments, *(chosen.kind.key for chosen in asked.chosen))
    bare = replace(asked, chosen=())
    if asked.radius_km is not None and (km := next(_greater(asked.radius_km), None)):
        url = address(path, [*without(rest, "rayon"), ("rayon", str(km))])
        sentence = f"Retirer les filtres et élargir à {km} km"
        yield _Proposal(sentence, url, replace(bare, radius_km=float(km)))
    url = address(path, without(rest, "lieu", "rayon"))
    anywhere = replace(bare, place=None, radius_km=None)
    yield _Proposal("Retirer les filtres et chercher dans toute la France", url, anywhere)


def _greater(radius_km: float) -> Iterator[int]:
    return (km for km in WIDER_KM if km > radius_km)


def _last(asked: Search, path: str, arguments: Arguments) -> Iterator[_Proposal]:
    if len(asked.chosen) > 1:
        keys = {chosen.kind.key for chosen in asked.chosen}
        url = address(path, without(arguments, *keys))
        yield _Proposal("Retirer tous les filtres", url, replace(asked, chosen=()))
    if asked.place:
        url = address(path, without(arguments, "lieu", "rayon"))
        anywhere = replace(asked, place=None, radius_km=None)
        yield _Proposal("Chercher dans toute la France", url, anywhere)
    if asked.text and (asked.chosen or asked.place):
        url = address(path, without(arguments, "q"))
        yield _Proposal("Retirer les mots de la recherche", url, replace(asked, text=""))
