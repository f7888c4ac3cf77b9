"""Articles that a sentence cites, today's and older ones."""

import re

from annuaire.law import articles

_TODAY = re.compile(
    r"(?<![a-z0-9])(?P<letter>[lr])[-. ]*(?P<book>[23][ ]?[0-9][ ]?[0-9][ ]?[0-9])[-. ]{1,4}"
    r"(?P<number>\d{1,2}(?:-\d)?)(?!\d)"
)
_LIST = re.compile(
    r"\barticles?\s*(?:n°\s*)?(?P<list>\d{1,2}(?:-[ivx\d]+)?"
    r"(?:\s*(?:,|et|a|ou)\s*(?:l'article\s*)?\d{1,2})*)(?!\d|[.]\d)"
)
_SOURCES = (
    ("ORD2015-899", re.compile(r"ordonnance|2015[- ]?899")),
    ("DEC2016-360", re.compile(r"decret\s*(?:n°?\s*)?2016|2016[- ]360")),
    ("CMP2006", re.compile(r"code des marches? publics?|\bc\.?m\.?p\b|nouveau code des marches")),
)
_REACH = 70  # characters after the numbers within which the old code is named

# The articles that suit each type; the first is the law's when a text cites none.
SUITING: dict[str, tuple[str, ...]] = {
    "execution_insertion": ("L2112-2", "L2112-2-1", "L2112-3", "L2112-4", "R2111-10"),
    "execution_social_other": ("L2112-2", "L2112-2-1", "L2112-3", "L2112-4", "R2111-10"),
    "reserved_siae": ("L2113-13", "R2113-7", "L3113-2"),
    "reserved_handicap": ("L2113-12", "R2113-7", "L3113-1"),
    "reserved_unspecified": ("L2113-14", "R2113-7", "L3113-3"),
    "reserved_ess": ("L2113-15", "L2113-16"),
    "award_criterion": ("R2152-7",),
    "insertion_object": ("R2123-1",),
    "environment": ("L2112-2", "L2112-3", "R2111-10"),
}


def cited(folded: str, start: int, end: int) -> list[str]:
    """Citations between two offsets: « L2113-12 », or « CMP2006 14 » for an older code."""
    found = []
    for match in _TODAY.finditer(folded, start, end):
        book = match.group("book").replace(" ", "")
        found.append(f"{match.group('letter').upper()}{book}-{match.group('number')}")
    for match in _LIST.finditer(folded, start, end):
        after = folded[match.end() : min(end, match.end() + _REACH)]
        source = next((name for name, words in _SOURCES if words.search(after)), None)
        if source is not None:
            numbers = re.findall(r"\d{1,2}", match.group("list"))
            found.extend(f"{source} {number}" for number in numbers)
    return list(dict.fromkeys(found))


def choose(kind: str, citations: list[str]) -> tuple[str | None, str | None]:
    """Today's article for a finding of that type, and the citation that led to it.

    A citation that does not suit the type (buyers cite wrongly) is kept as cited, and the
    law's own article is given. A bare reservation without citation has no article.
    """
    suiting = SUITING[kind]
    for citation in citations:
        today = articles.today(citation, among=suiting) or citation
        if today in suiting:
            return today, citation
    default = None if kind == "reserved_unspecified" else suiting[0]
    return default, citations[0] if citations else None
