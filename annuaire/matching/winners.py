"""Which structure a published winner is: by its SIRET, else by equality of normalised names, never
by a score."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annuaire.company_names import MAX_NAME, name_key
from annuaire.geo.gazetteer import gazetteer
from annuaire.matching.lexicon import words

_PARTS = re.compile(r"\s[/+;]\s|[;|]|/(?=\s*[A-ZÀ-Ý]{2})|\s-\s")
_LEAD = re.compile(
    r"(?i)^\s*(?:groupement(?: (?:solidaire|conjoint|momentan\w+|d'entreprises))*|gme|mandataire)"
    r"\s*:?\s*"
)


SIREN: Final = 9  # digits of a SIRET that say the company
BY_SIRET: Final = "SIRET publié : "
BY_SIREN: Final = "SIREN du SIRET publié : "


@dataclass(frozen=True, slots=True)
class Named:
    """A structure by its names and numbers; `id` is whatever the caller knows it by; `siret`
    is the SIREN for a company that is listed as such; `former` are the SIRETs that it had."""

    id: int | str
    names: tuple[str, ...]
    departement: str | None
    siret: str | None = None
    former: tuple[str, ...] = ()


def name_keys(published: str) -> tuple[str, ...]:
    """The keys that a published winner may answer to: the whole, then each member of a group.

    « Groupement A (mandataire) / B » gives the keys of A and B too.
    """
    text = _LEAD.sub("", published[: 2 * MAX_NAME])
    keys = [name_key(text), *(name_key(part) for part in _PARTS.split(text))]
    return tuple(dict.fromkeys(key for key in keys if len(key) > 2))


class Register:
    """Structures by number, and by normalised name and département."""

    def __init__(self, structures: Iterable[Named]) -> None:
        self._by_key: dict[str, list[Named]] = defaultdict(list)
        self._by_siret: dict[str, Named] = {}
        self._by_siren: dict[str, list[Named]] = defaultdict(list)
        for structure in structures:
            for siret in structure.former:
                self._by_siret.setdefault(siret, structure)
            if structure.siret:
                self._by_siret[structure.siret] = structure
                self._by_siren[structure.siret[:SIREN]].append(structure)
            for key in {name_key(name) for name in structure.names} - {""}:
                self._by_key[key].append(structure)

    def numbered(self, siret: str) -> tuple[Named | None, str]:
        """The structure that a published SIRET is, and how that is known, in French.

        An establishment that is not listed is followed to its company's only listed structure:
        of several, nothing says which carried the contract out.
        """
        if found := self._by_siret.get(siret):
            return found, f"{BY_SIRET}{siret}"
        company = self._by_siren.get(siret[:SIREN], [])
        return (company[0], f"{BY_SIREN}{siret}") if len(company) == 1 else (None, "")

    def same_company(self, found: Iterable[Named], siret: str) -> tuple[Named, ...]:
        """Of structures found by their name, those that a published SIRET does not deny."""
        return tuple(s for s in found if s.siret is None or s.siret[:SIREN] == siret[:SIREN])

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
