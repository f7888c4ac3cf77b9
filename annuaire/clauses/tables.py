"""Tables of lots and hours that kept their lines, one lot a line; clean text."""

import re
from functools import lru_cache

from annuaire.clauses import numbers
from annuaire.clauses.fold import fold
from annuaire.clauses.ledger import Row
from annuaire.clauses.lot_numbers import clean_number, sort_key

_LINE = re.compile(r"[^\n]+")
_TABS = re.compile(r"\t+")
_LONGEST = 500  # characters of a row or a header; a longer line is prose
_HOURS = re.compile(r"\((?:en )?h\)|\b(?:heures?|h\. ?insertion|\d h|nb h|hrs|volume)\b")
# What parts the cells of a line, the surest first.
_SEPARATORS = [
    re.compile(pattern)
    for pattern in (r"\s*\|\s*", r"\s*;\s*", r"\s*\.{4,}\s*", r"\s{2,}", r"\s+[-:=]\s+")
]
_HEADER = re.compile(r"\W*(?:n\s?°|lots?\b|designation\b|intitule\b|numeros?\b)(?!.*\d)")
_ROW = re.compile(
    r"[^\w(/]*(?:lots?\s*)?(?:n\s?°\s*)?(?P<lot>\d{1,2}[a-h]?)(?![\d,.]\d)[\s.:|;)-]+"
    r"(?:[^\W\d_].*|(?<=[|;]) ?\d.*)"
)
# What adds no column to a header: « Délai (mois) », « Heures insertion », « Montant estimé »
_ONE_TITLE = re.compile(
    r"\([^()]*\)|(?<=heures) (?:d'|en )?\s?insertion|(?<=montant) estime(?: ht)?"
    r"|(?<=heures) mini\w*"
)
_RULED = re.compile(r"\.{4,}.*(?:\d\s?(?:h\b|heures?\b)|non|neant)")
_NEXT_SENTENCE = re.compile(r"(?<=\d)\. (?=[a-z])")
_TITLE = re.compile(r"(?:designation|intitule|libelle|objet|nature|lot)s?")
_THOUSANDS = 3  # figures after the space of « 1 120 »
_NONE = re.compile(r"(?:insertion ?: ?)?(?:/|neant|sans objet|non concerne|non|so|-+|0+)")
_VALUE = re.compile(
    rf"(?:insertion ?: ?|engagement ?:? ?)?(?:oui ?)?\(?(?P<n>{numbers.IN_DIGITS})\s?(?:h\b"
    rf"|heures?\b)?\s?"
    rf"(?:mini\w*|min)?\)?"
)


@lru_cache(maxsize=4)
def rows(clean: str) -> tuple[Row, ...]:
    """The rows of the first table of a text that gives hours by lot: two at least, in rising
    order of lots, each on its line; none when a cell of hours cannot be read."""
    if clean.count("\n") < 2:
        return ()
    lines = [(m.start(), _folded(m.group())) for m in _LINE.finditer(clean)]
    for index, (_, line) in enumerate(lines):
        if _row(line) and (found := _table(lines, index)):
            return tuple(found)
    return ()


def _folded(line: str) -> str:
    """The line folded, with a bar for the tabs that part its cells, which are blanks once folded;
    the length stays the same."""
    if "\t" in line and "|" not in line:
        line = _TABS.sub(lambda tabs: "|".ljust(len(tabs[0])), line)
    return fold(line).rstrip()


def _row(line: str) -> re.Match[str] | None:
    return _ROW.match(line) if len(line) <= _LONGEST else None


def _table(lines: list[tuple[int, str]], first: int) -> list[Row]:
    """The table whose first row is that line, if it is one."""
    prose = lines[first - 1][1] if first else ""
    header = prose if len(prose) <= _LONGEST else ""
    found: list[Row] = []
    for start, line in (lines[place] for place in range(first, len(lines))):
        match = _row(line)
        lot = clean_number(match["lot"]) if match is not None else None
        if match is None or lot is None or (found and sort_key(lot) <= sort_key(found[-1].lot)):
            break
        hours = _hours(header, line) if found or not _row(header) else None
        if hours is None:
            return []  # a table of which a row cannot be read tells no sum
        found.append(Row(lot, hours, start, start + len(line)))
    after = lines[first + len(found)][1] if first + len(found) < len(lines) else ""
    above = lines[first - 2][1] if first > 1 else ""
    ruled = all(_RULED.search(line) for _, line in lines[first : first + len(found)])
    told = ruled or any(_HOURS.search(line) for line in (prose, above))
    told = told or (after.startswith(("total", "(en heures")) and _HOURS.search(after) is not None)
    return found if told and len(found) > 1 and any(row.hours for row in found) else []


def _hours(header: str, line: str) -> float | None:
    """The hours of a row: those under « heures », else those of its last cell."""
    line = _NEXT_SENTENCE.split(line)[0]
    for separator in _SEPARATORS:
        titles, cells = separator.split(header.strip(" |;")), separator.split(line.strip(" |;"))
        if len(cells) < 2:
            continue
        if len(titles) == len(cells) and _HEADER.match(header):
            columns = [i for i, title in enumerate(titles) if _HOURS.search(title)]
            columns = columns or [i for i, title in enumerate(titles) if title == "total"]
            return _value(cells[columns[-1]]) if columns else None
        if (value := _value(cells[-1])) is not None:
            return value
    return _from_the_right(header, line)


def _from_the_right(header: str, line: str) -> float | None:
    """The hours of a row whose columns only spaces part: as many words from its end as stand
    after « heures » in the header."""
    titles = _ONE_TITLE.sub("", header).split()
    places = [i for i, title in enumerate(titles) if _HOURS.search(title)]
    words = line.split()
    if not places or not _HEADER.match(header):
        return None
    at = places[-1] - len(titles)
    if len(words) < max(len(titles) - 1, 1 - at):
        return None  # no word stands there, or none before it
    beside_title = places[-1] and _TITLE.fullmatch(titles[places[-1] - 1])
    if beside_title and words[at - 1].isdigit() and len(words[at]) == _THOUSANDS:
        return _value(words[at - 1] + words[at])  # « Gros œuvre 1 120 »
    return _value(words[at])


def _value(cell: str) -> float | None:
    """« 1 050 h » → 1050, « néant » → 0; None for what is neither."""
    cell = cell.strip(" .|;")
    if _NONE.fullmatch(cell):
        return 0.0
    match = _VALUE.fullmatch(cell)
    return numbers.parse(match["n"]) if match is not None else None
