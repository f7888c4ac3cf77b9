"""An address line out of FINESS's pieces, which are shifted and repeated as often as not."""

import re

from importers.files.text import tidy

_WAYS = {
    "R": "RUE", "AV": "AVENUE", "BD": "BOULEVARD", "PL": "PLACE", "RTE": "ROUTE", "CHE": "CHEMIN",
    "ALL": "ALLEE", "IMP": "IMPASSE", "CRS": "COURS", "QUA": "QUARTIER", "SQ": "SQUARE",
    "PAS": "PASSAGE", "VOI": "VOIE", "LD": "LIEU-DIT", "RPT": "ROND-POINT", "PROM": "PROMENADE",
    "ESP": "ESPLANADE", "MTE": "MONTEE", "RLE": "RUELLE", "FG": "FAUBOURG", "HAM": "HAMEAU",
    "TRA": "TRAVERSE",
}  # fmt: skip
_REPEATED = {"B": "BIS", "T": "TER", "Q": "QUATER"}
_NUMBERED = re.compile(r"(?:^|, )\d")
_BOX = re.compile(r"\b(?:B\.?P|CS|TSA)\.?\s*\d[\d ]*", re.IGNORECASE)


def street_line(number: str, repeat: str, way: str, name: str) -> str:
    """« 12 BIS RUE DES ESSAIS »: the way in full words, once."""
    way, name, number = tidy(way), tidy(name), tidy(number).lstrip("0")
    way = _WAYS.get(way.upper(), way)
    if way and name.upper().startswith(f"{way.upper()} "):
        way = ""
    repeat = tidy(repeat)
    repeat = _REPEATED.get(repeat.upper(), repeat) if number else ""
    return " ".join(part for part in (number, repeat, way, name) if part)


def address_line(complement: str, street: str, hamlet: str) -> str | None:
    """The parts of an address, each once; a post box only where nothing else tells the place."""
    parts = [tidy(complement), tidy(street), tidy(_BOX.sub(" ", tidy(hamlet))).strip(" -,;")]
    kept = list(dict.fromkeys(part for part in parts if part))
    return ", ".join(kept) or tidy(hamlet) or None


def is_numbered(address: str | None) -> bool:
    """Whether a part of the address begins with a number."""
    return bool(address and _NUMBERED.search(address))
