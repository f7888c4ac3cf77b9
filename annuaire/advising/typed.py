"""Numbers as people type them in the calculators."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from search.filters import InputError

MAX_LENGTH = 24
_DROPPED = "€%\u202f\u00a0 "


def number(text: str) -> float:
    """« 12 000,50 € », « 7,5 % » as 12000.5 and 7.5. Raises ValueError for what is no number."""
    if len(text) > MAX_LENGTH:
        raise ValueError(text[:MAX_LENGTH])
    bare = "".join(c for c in text if not c.isspace() and c not in _DROPPED)
    found = float(bare.upper().removesuffix("HT").replace(",", "."))
    if not isfinite(found):
        raise ValueError(text)
    return found


@dataclass
class Reading:
    """Reads the fields of a form one by one and keeps the errors, each with its field."""

    values: Mapping[str, str]
    errors: list[InputError] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def number(self, name: str, default: float | None = None, of: float = 1.0) -> float | None:
        """The number typed, divided by `of` (100 for a percentage); the default when empty."""
        typed = self.text(name)
        if not typed:
            return default
        try:
            return number(typed) / of
        except (ValueError, OverflowError):
            self.refuse(name, f"« {typed[:30]} » n'est pas un nombre : écrivez par exemple 25 000.")
            return default

    def choice(self, name: str, allowed: Mapping[str, object], default: str) -> str:
        """One of the allowed values; the default when empty."""
        typed = self.text(name)
        if not typed:
            return default
        if typed not in allowed:
            self.refuse(name, "Valeur inconnue : choisissez dans la liste.")
            return default
        return typed

    def refuse(self, name: str, message: str) -> None:
        self.errors.append(InputError(name, message))
