"""What a filter is: its key, the values it takes, what the engine is asked, and the sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import departement_label
from search.engine import Filter, Terms

MAX_NAME = 200


def terms(field: str, values: Sequence[str], _today: date) -> Filter | None:
    """What holds at least one of the values."""
    return Terms(field, tuple(values))


@dataclass(frozen=True, slots=True)
class FilterKind:
    """A filter that exists: `field` in the index, `label_of(value)` gives its words, or None when
    the value is not one of the allowed ones; `sentence` holds {} where the label goes; `build`
    makes the engine's filter from the chosen values, on a day (None: it limits nothing itself).

    `single` filters take one value; `expected` says what a value that cannot be used should be.
    """

    key: str
    name: str
    field: str
    label_of: Callable[[str], str | None]
    sentence: str
    build: Callable[[str, Sequence[str], date], Filter | None] = terms
    single: bool = False
    expected: str = ""

    def chosen(self, value: str) -> "Chosen | None":
        """The filter with one of its values; None when the value is unknown."""
        label = self.label_of(value)
        return Chosen(self, value, label) if label else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter with the value that a user gave it; `means` is what the engine is asked in its
    place, where a value stands for others."""

    kind: FilterKind
    value: str
    label: str
    means: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return self.kind.sentence.format(self.label)


@dataclass(frozen=True, slots=True)
class InputError:
    """A value that could not be used: the field's key and what to do."""

    field: str
    message: str


def one_of(labels: Mapping[str, str]) -> Callable[[str], str | None]:
    """Values that are declared with their words."""
    return labels.get


def as_named(value: str) -> str | None:
    """Names that sources choose freely: what nobody is called finds nothing."""
    return value if len(value) <= MAX_NAME and value.isprintable() else None


#: What `activity_label` names, for who gave something else.
AN_ACTIVITY: Final = "une activité ; le filtre « domaine » prend tout un domaine"


def activity_label(code: str) -> str | None:
    """The words of an activity's code; None for a group, which `group_label` names: no document
    holds its code as an activity, so that it would silently find nothing."""
    known = taxonomy()
    return known.label(code) if known.group_of(code) not in {None, code} else None


def group_label(code: str) -> str | None:
    """The words of the code of a group of activities."""
    return next((group.label for group in taxonomy().groups if group.code == code), None)


#: The code that `a_departement` names, for who gave something else.
A_DEPARTEMENT: Final = "un code de département, par exemple 59 ou 2A"


def a_departement(code: str) -> str | None:
    """The words of a département's code as documents hold it; None for « 2a », which would
    silently find nothing."""
    return departement_label(code) if code == code.strip().upper() else None
