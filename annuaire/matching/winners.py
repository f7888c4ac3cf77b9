"""Which structure a published winner's name is: equality of normalised names, never a score."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annuaire.company_names import MAX_NAME, name_key
from annuaire.geo.gazetteer import gazetteer
from annuaire.matching.lexicon import words

_PARTS = re.compile(r"\s[/+;]\s|[;|]|/(?=\s*[A-ZÀ-Ý]{2})|\s-\s")
_LEAD = re.compile(
    r"(?i)^\s*(?:groupement(?: (?:solidaire|conjoint|momentan\w+|d'entreprises))*|gme|mandataire)"
    r"\s*:?\s*"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A structure by its names; `id` is whatever the caller knows it by."""

    id: int | str
    names: tuple[str, ...]
    departement: str | None
    siret: str | None = None


def name_keys(published: str) -> tuple[str, ...]:
    """The keys that a published winner may answer to: the whole, then each member of a group.

    « Groupement A (mandataire) / B » gives the keys of A and B too.
    """
    text = _LEAD.sub("", published[: 2 * MAX_NAME])
    keys = [name_key(text), *(name_key(part) for part in _PARTS.split(text))]
    return tuple(dict.fromkeys(key for key in keys if len(key) > 2))


class Register:
    """Structures by normalised name and département."""

    def __init__(self, structures: Iterable[Named]) -> None:
        self._by_key: dict[str, list[Named]] = defaultdict(list)
        for structure in structures:
            for key in {name_key(name) for name in structure.names} - {""}:
                self._by_key[key].append(structure)

    def find(self, published: str, departements: Iterable[str]) -> tuple[Named, ...]:
        """The structures of this name in the notice's départements, else in their régions.

        Several only when they are establishments of one company (same SIREN): two companies with
        one name in one place are a doubt, and a doubt links nobody. A name made of common words
        is not followed outside its département.
        """
        near = frozenset(departements)
        found: dict[int | str, Named] = {}
        for key in name_keys(published):
            for structure in self._of(key, near):
                found.setdefault(structure.id, structure)
        return tuple(found.values())

    def _of(self, key: str, departements: frozenset[str]) -> list[Named]:
        named = self._by_key.get(key, [])
        here = [s for s in named if s.departement in departements]
        if not here and not set(key.split()) <= words("common_names") and len(key) > 3:
            around = frozenset(_neighbours(departements))
            here = [s for s in named if s.departement in around]
        companies = {s.siret[:9] if s.siret else s.id for s in here}
        return here if len(companies) == 1 else []


def _neighbours(departements: Iterable[str]) -> Iterator[str]:
    """The départements of the same régions."""
    places = gazetteer()
    for code in departements:
        known = places.departement(code)
        if known:
            yield from (d.code for d in places.departements_of_region(known.region))
