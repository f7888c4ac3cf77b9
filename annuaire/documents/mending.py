"""Pages of a PDF made prose again: words cut at line ends, lines that only fold, running heads."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

EDGE_LINES = 3  # lines at the top and the foot of a page that may be a running head
REPEATED = 0.5  # share of the pages on which a running head stands
FULL, HALF = 0.7, 0.4  # of the usual width: a line that long was cut by the margin
USUAL_WIDTH = 0.85  # quantile of the lines' lengths that tells the width
SHORTEST = 20  # characters; shorter lines tell nothing of the width
LONGEST_PART = 12  # characters of the first part of a word with its own hyphen
NARROWEST = 45  # characters of the narrowest column

_DIGITS = re.compile(r"\d+")
_TOLD = re.compile(r"\b(?:lots?|articles?|annexes?|fiches?|tranches?)\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\xa0\u202f]{2,}")
_END = ".;:!?…"
_ITEM = re.compile(
    r"[-–—•▪◦●*→□☐✓]|o\s|\(?[a-z\d]{1,2}[.)°]|\d{1,2}\s?[-–.]\s|\d+(?:\.\d+)+"
    r"|(?:lots?|articles?|art\.|chapitre|section|annexe|titre|tranche|page|sous-total|total)\b",
    re.IGNORECASE,
)
_NUMBERED_ROW = re.compile(r"\d{1,3}\s+[A-ZÀ-Ý]")  # « 2 Espaces verts », not « 350 heures »
_CUT = re.compile(r"[a-zà-ÿ][-\u2010\xad]$")
#: First parts of words whose own hyphen a line end may hide: « sous-traitance ».
_OWN_HYPHEN = re.compile(
    r"(?:^|\W)(?:sous|demi|mi|non|semi|ci|là|vice|ex|avant|après|au|auto|éco|socio|médico|"
    r"peut|rendez|savoir|celui|celle|ceux|celles|lui|elle|eux|elles|soi|mêmes?)$",
    re.IGNORECASE,
)


def mended(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The whole text, and where each page begins in it. Page texts have line feeds alone, and
    `\\ufffe` where the reader joined a word cut by its line."""
    lines = list(_lines(pages))
    width = _usual_width(line for _, line in lines)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for index, (page, line) in enumerate(lines):
        while len(starts) <= page:  # pages without text begin where the next one does
            starts.append(length)
        after = lines[index + 1][1] if index + 1 < len(lines) else ""
        piece = _ended(line, after, width)
        pieces.append(piece)
        length += len(piece)
    starts += [length] * (len(pages) - len(starts))
    return "".join(pieces).rstrip("\n"), tuple(starts) or (0,)


def _lines(pages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are read, with their page; a running head is read where it first stands."""
    split = [[_SPACES.sub(" ", line).strip() for line in page.split("\n")] for page in pages]
    split = [[_with_own_hyphens(line) for line in lines if line] for lines in split]
    heads = _running_heads(split)
    seen: set[str] = set()
    for page, lines in enumerate(split):
        for place, line in enumerate(lines):
            at_edge = place < EDGE_LINES or place >= len(lines) - EDGE_LINES
            key = _key(line, page)
            if at_edge and key in heads:
                if key in seen:
                    continue
                seen.add(key)
            yield page, line


def _with_own_hyphens(line: str) -> str:
    """The line with the words that the reader joined, and their hyphens where they have one."""
    *parts, last = line.split("\ufffe")
    kept = (part + ("-" if not last or _has_own_hyphen(part) else "") for part in parts)
    return "".join([*kept, last])


def _has_own_hyphen(before: str) -> bool:
    return bool(_OWN_HYPHEN.search(before[-LONGEST_PART:]))


def _running_heads(pages: Sequence[Sequence[str]]) -> set[str]:
    counts: Counter[str] = Counter()
    for page, lines in enumerate(pages):
        edges = [*lines[:EDGE_LINES], *lines[max(EDGE_LINES, len(lines) - EDGE_LINES) :]]
        counts.update({_key(line, page) for line in edges})
    written = sum(1 for lines in pages if lines)
    return {key for key, count in counts.items() if count >= max(3, REPEATED * written)}


def _key(line: str, page: int) -> str:
    """The line without the number of its page (the cover may have none): « Page # / 24 »."""
    if _TOLD.search(line):
        return line
    own = {str(page + 1), str(page), str(page - 1)}
    number = next((m for m in _DIGITS.finditer(line) if m[0].lstrip("0") in own), None)
    return (f"{line[: number.start()]}#{line[number.end() :]}" if number else line).casefold()


def _usual_width(lines: Iterable[str]) -> int:
    lengths = sorted(len(line) for line in lines if len(line) >= SHORTEST)
    return max(NARROWEST, lengths[int(USUAL_WIDTH * (len(lengths) - 1))] if lengths else 0)


def _ended(line: str, after: str, width: int) -> str:
    """The line with what parts it from the next: nothing, a space, or a line feed."""
    if _CUT.search(line) and after[:1].islower():
        kept = "-" if _has_own_hyphen(line[:-1]) else ""
        return line[:-1] + kept
    return f"{line} " if _folds(line, after, width) else f"{line}\n"


def _folds(line: str, after: str, width: int) -> bool:
    """Whether the margin alone ended the line."""
    if not after or line[-1] in _END or _begins_item(after):
        return False
    if line.isupper() != after.isupper() and (line.isupper() or after[:12].isupper()):
        return False
    if after[0].islower() or after[0] in "(’'«,":
        return len(line) >= HALF * width
    return len(line) >= FULL * width


def _begins_item(line: str) -> bool:
    if _NUMBERED_ROW.match(line):
        return True
    # « lot » or « article » in the middle of a sentence has no capital.
    return bool(_ITEM.match(line)) and (not line[0].islower() or line[1:2] in (".", ")", " "))
