"""What to enter in a notice, and in the data published after it, for each route."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLACES = {
    "eForms": "avis européen (eForms)",
    "BOAMP": "avis national (BOAMP)",
    "DECP": "données essentielles (DECP)",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A field to fill in: `where` is "eForms" (business terms « BT-71 »), "BOAMP" or "DECP"
    (arrêté of 22 December 2022). `label` and `meaning` are French; `status` is that of
    `annuaire.law.thresholds`: "inferred" when that this is the value to choose was deduced."""

    where: str
    field: str
    label: str
    value: str
    meaning: str
    status: str

    @property
    def where_words(self) -> str:
        """« données essentielles (DECP) »: where it is entered, for who does not know the name."""
        return _PLACES[self.where]


@cache
def _entries() -> tuple[tuple[frozenset[str], Entry], ...]:
    text = files(__package__).joinpath("data/codes.toml").read_text(encoding="utf-8")
    names = ("where", "field", "label", "value", "meaning", "status")
    return tuple(
        (frozenset(row["routes"]), Entry(*(row[name] for name in names)))
        for row in tomllib.loads(text)["code"]
    )


def entries_for(route: str) -> tuple[Entry, ...]:
    """The fields to fill in for a route (`annuaire.law.routes`), or for "environment"."""
    return tuple(entry for routes, entry in _entries() if route in routes)


def entries_title(entries: Sequence[Entry]) -> str:
    """What the fields are for: a purchase without a notice has only its data to declare."""
    if any(entry.where != "DECP" for entry in entries):
        return "À porter dans l'avis"
    return "À déclarer dans les données essentielles"
