"""Amounts in euros as documents write them: « 120 000,00 € HT », « 45 000 euros »."""

import re
from dataclasses import dataclass
from typing import Literal

LARGEST = 10_000_000_000

_AMOUNT = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:[ .\xa0\u202f]\d{3})+|\d{2,10})(?P<cents>,\d{1,2})?"
    r"\s?(?P<unit>€|k€|M€|euros?\b|eur\b)\s?(?:\(?(?P<tax>h\.?t\.?|ttc|t\.t\.c\.?)\b)?",
    re.IGNORECASE,
)
_UNITS = {"k€": 1_000, "m€": 1_000_000}
_BOUND = re.compile(r"mini|maxi", re.IGNORECASE)
#: What leads to an amount at the end of a title: « , montant maximum : », « (estimé à ».
_LEAD = re.compile(
    r"[\s,;:(–-]*(?:(?:pour|d['’])\s?un\s+)?(?:montants?|estim\w+|maxi\w*|mini\w*|budget|valeur|soit)\b"
    r"[^,;()]{0,40}$",
    re.IGNORECASE,
)
_PENALTY = re.compile(
    r"p[ée]nalit|jour de retard|caution|garantie|assurance|indemnit", re.IGNORECASE
)
_LOT = re.compile(r"\blots?\s+(?:n\s?[°o]\s*)?(\d{1,3}[a-z]?)\b", re.IGNORECASE)
_BEFORE = 60  # characters before an amount that say what it is


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in € HT, with the words that state it."""

    eur: float
    kind: Literal["maximum", "stated"]
    words: str


def amount_in(text: str, number: str | None = None) -> Amount | None:
    """The first amount of a passage that may be a lot's: neither with tax, nor a minimum, nor a
    penalty, nor said of another lot than that of this `number`."""
    for found in _AMOUNT.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()].split("\n")[-1]
        bounds = _BOUND.findall(before)
        bound = bounds[-1].lower() if bounds else ""
        taxed = (found["tax"] or "").lower().startswith("t")
        named = _LOT.findall(before)
        another = number is not None and bool(named) and named[-1].lower() != number.lower()
        if taxed or another or bound == "mini" or _PENALTY.search(before):
            continue
        value = _value(found)
        if 0 < value < LARGEST:
            kind: Literal["maximum", "stated"] = "maximum" if bound == "maxi" else "stated"
            return Amount(value, kind, found.group().strip())
    return None


def without_amounts(text: str) -> str:
    """A title up to the first amount in it, and to the words that lead to it."""
    found = _AMOUNT.search(text)
    return _LEAD.sub("", text[: found.start()]) if found else text


def _value(found: re.Match[str]) -> float:
    whole = re.sub(r"\D", "", found["number"])
    cents = (found["cents"] or "").replace(",", ".")
    return float(whole + cents) * _UNITS.get(found["unit"].lower(), 1)
