"""The widget: what a platform may ask of it, checked; its colours, which can be read. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from annuaire.errors import InvalidInputError

MOST: Final = 10
LINES: Final = 5
ACCENT: Final = "0b6356"
LEAST_CONTRAST: Final = 4.5  # WCAG 2.1, 1.4.3, level AA
#: By theme: background, text, quiet text, lines.
THEMES: Final = {
    "clair": ("ffffff", "1d2321", "54605d", "cfd6d4"),
    "sombre": ("171c1b", "eef2f1", "b4c0bd", "46514e"),
}
_COLOUR: Final = re.compile("[0-9a-f]{6}")
#: What says what is asked about; what says how it looks.
ABOUT: Final = ("marche", "lot", "texte", "lieu", "cpv", "montant")
LOOK: Final = ("couleur", "fond")
NO_CONTRAST: Final = (
    "« couleur » se lit mal sur ce fond : il faut un contraste de 4,5 au moins (WCAG, niveau AA)."
)


@dataclass(frozen=True, slots=True)
class Look:
    """How the widget looks: an accent (six hexadecimal figures) on a theme."""

    accent: str = ACCENT
    theme: str = "clair"

    @property
    def query(self) -> str:
        """Its query string."""
        return urlencode({"couleur": self.accent, "fond": self.theme})

    @property
    def style_sheet(self) -> str:
        """Its colours, as variables of CSS."""
        names = ("background", "text", "quiet", "line")
        colours = dict(zip(names, THEMES[self.theme], strict=True)) | {"accent": self.accent}
        said = "".join(f"--{name}:#{colour};" for name, colour in colours.items())
        return f":root{{{said}}}"


def read_look(values: Mapping[str, str]) -> Look:
    """How a platform wants it. Raises InvalidInputError."""
    theme = values.get("fond") or "clair"
    if theme not in THEMES:
        raise InvalidInputError(f"« fond » vaut {' ou '.join(THEMES)}.", "fond")
    usual = ACCENT if theme == "clair" else "6fd0bf"
    accent = (values.get("couleur") or usual).lower().lstrip("#")
    if not _COLOUR.fullmatch(accent):
        raise InvalidInputError("« couleur » a six chiffres hexadécimaux, par exemple 0b6356.")
    if contrast(accent, THEMES[theme][0]) < LEAST_CONTRAST:
        raise InvalidInputError(NO_CONTRAST, "couleur")
    return Look(accent, theme)


def read_count(value: str) -> int:
    """How many structures are shown. Raises InvalidInputError."""
    if not value:
        return LINES
    if not (value.isascii() and value.isdigit() and len(value) < 3 and 1 <= int(value) <= MOST):
        raise InvalidInputError(f"« nombre » va de 1 à {MOST}.", "nombre")
    return int(value)


def need_values(values: Mapping[str, str]) -> dict[str, Any]:
    """What is asked about, as the body of `/match` says it."""
    names = {
        "marche": "contract", "lot": "lot", "texte": "text", "lieu": "place", "cpv": "cpv",
    }  # fmt: skip
    found: dict[str, Any] = {ours: values[name] for name, ours in names.items() if values.get(name)}
    if amount := values.get("montant"):
        try:
            found["amount_eur"] = float(amount.replace(",", "."))
        except ValueError as error:
            raise InvalidInputError("« montant » est un nombre d’euros HT.", "montant") from error
    return found


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.1)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
