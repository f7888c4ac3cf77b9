"""Numbers of French prose: digits with spaces or points, and in words; folded text only."""

import re

_UNITS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14,
    "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "octante": 80, "huitante": 80, "nonante": 90,
}  # fmt: skip
_WORD = (
    r"(?:" + "|".join(sorted([*_UNITS, *_TENS, "cents?", "mille"], key=len, reverse=True)) + r")"
)
IN_DIGITS = r"\d{1,3}(?:[ .']\d{3})+(?:,\d{1,2})?(?!\d)|\d{1,7}(?:[.,]\d{1,2})?(?!\d)"
# « et » only joins a ten to its first unit: « soixante et onze », not « deux cents et cent ».
IN_WORDS = rf"\b{_WORD}(?:[\s-]+(?:et[\s-]+(?=une?\b|onze\b))?{_WORD})*\b"
NUMBER = rf"(?:{IN_DIGITS}|{IN_WORDS})"


_POINTED = re.compile(
    r"(?<![\d.,'])\d{1,3}(?:[.']\d{3})+(?!\d|[.,']\d)(?=\s?(?:h\b|hrs?\b|heures?\b))"
)
_SQUARE = re.compile(r"\[(\s?\d[\d ]{0,6}\s?(?:h|heures)\b[^\[\]]{0,20})\]")
_HRS = re.compile(r"(?<=\d)(?P<blank>\s?)(?:hrs|hr)\b")


def plain_hours(folded: str) -> str:
    """« 1.250 heures » and « 70 hrs » as the rules read them (« 1 250 heures », « 70 h »); the
    length stays the same."""
    if "hr" in folded:
        folded = _HRS.sub(lambda m: (m["blank"] + "h").ljust(len(m[0])), folded)
    if "[" in folded:
        folded = _SQUARE.sub(r"(\1)", folded)
    return _POINTED.sub(lambda m: m[0].replace(".", " ").replace("'", " "), folded)


def parse_words(text: str) -> int | None:
    """« mille deux cent quatre-vingt-dix » → 1290; None when it is no number."""
    total, current = 0, 0
    for word in re.split(r"[\s-]+", text.strip()):
        if word == "et":
            continue
        if word in _UNITS:
            current += _UNITS[word]
        elif word.startswith("vingt") and current % 100 == 4:
            current += 76  # quatre-vingt
        elif word in _TENS:
            current += _TENS[word]
        elif word in {"cent", "cents"}:
            current = max(current, 1) * 100
        elif word == "mille":
            total, current = total + max(current, 1) * 1000, 0
        else:
            return None
    return total + current or None


def parse(text: str) -> float | None:
    """« 1 500 », « 1.500 », « 2,5 », « cent quarante » → the number, or None."""
    raw = text.strip()
    if not raw or not raw[0].isdigit():
        return parse_words(raw)
    if re.fullmatch(r"\d{1,3}(?:[ .']\d{3})+(?:,\d+)?", raw):
        raw = re.sub(r"[ .']", "", raw)
    try:
        return float(raw.replace(" ", "").replace(",", "."))
    except ValueError:
        return None
