"""A number as somebody typed it: a SIRET, a SIREN, or what is wrong with it."""

import re
from dataclasses import dataclass
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

LETTERS: Final = "ce n’est pas un numéro : un SIRET a 14 chiffres, un SIREN 9"
ROUNDED: Final = (
    "le tableur l’a arrondi (notation scientifique) : ses derniers chiffres sont perdus, reprenez "
    "le numéro d’origine"
)
AS_WRITTEN: Final = "sa clé de contrôle est fausse, mais une source l’écrit ainsi"
ZERO: Final = "un zéro du début, perdu par un tableur, a été remis"
_SEPARATORS = re.compile(r"[\s.\-_/\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060\ufeff'\u2019]+")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_PREFIX = re.compile(r"^\s*(?:n[°o]?\s*)?(?:siret|siren)\s*:?\s*", re.IGNORECASE)
_MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Number:
    """What was typed, and the number in digits; `wrong` says why it is none, `note` what was
    put right. `doubtful` holds the digits of a number whose key alone is wrong: directories do
    publish some."""

    given: str
    digits: str = ""
    wrong: str = ""
    note: str = ""
    doubtful: str = ""

    @property
    def is_siret(self) -> bool:
        return len(self.digits) == 14

    @property
    def siren(self) -> str:
        return (self.digits or self.doubtful)[:9]

    def as_written(self) -> "Number":
        """The doubtful number taken as it is, since a source writes it so."""
        return Number(self.given, self.doubtful, note=AS_WRITTEN)


def read_number(text: str) -> Number:
    """Read one number; spaces, dots and dashes within it are forgiven.

    The checks are those of INSEE: length, Luhn's key (La Poste's establishments have their own
    rule). A number that lacks its leading zero is completed when that makes it right.
    """
    given = text.strip()[:_MAX_SHOWN]
    bare = _SEPARATORS.sub("", _PREFIX.sub("", text[:_MAX_SHOWN]))
    if _SCIENTIFIC.fullmatch(given.replace(" ", "")):
        return Number(given, wrong=ROUNDED)
    if not (bare.isascii() and bare.isdigit()):
        return Number(given, wrong=LETTERS)
    if len(bare) in (8, 13) and _valid(f"0{bare}"):
        return Number(given, f"0{bare}", note=ZERO)
    if len(bare) not in (9, 14):
        plural = "chiffre" if len(bare) == 1 else "chiffres"
        return Number(given, wrong=f"{len(bare)} {plural} : un SIRET en a 14, un SIREN 9")
    if not _valid(bare):
        kind = "SIRET" if len(bare) == 14 else "SIREN"
        wrong = f"la clé de contrôle de ce {kind} est fausse : un chiffre l’est"
        return Number(given, wrong=wrong, doubtful=bare)
    return Number(given, bare)


def _valid(digits: str) -> bool:
    """Whether INSEE's rule holds; a number of zeros obeys it and is nobody's."""
    if not digits.strip("0"):
        return False
    try:
        (siret if len(digits) == 14 else siren).validate(digits)
    except ValidationError:
        return False
    return True
