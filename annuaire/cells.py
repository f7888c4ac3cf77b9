"""Text that no spreadsheet takes for a formula and no reader for something else.

Names come from directories that anybody may have written in: « =cmd(…) » must stay a name.
"""

import unicodedata
from typing import Final

#: What a spreadsheet may read as the beginning of a formula, full-width forms included.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MAX_CELL: Final = 32_767  # characters, Excel's own limit
#: Controls, marks of direction and of no width, halves of characters, what is no character.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})


def plain(text: str) -> str:
    """One line of visible characters: ends of lines become spaces, what cannot be seen goes."""
    if text.isprintable():  # no control, no mark, no space but the plain one
        return text[:MAX_CELL]
    spaced = " ".join(text.split()) if any(c.isspace() and c != " " for c in text) else text
    kept = (c for c in spaced if unicodedata.category(c) not in _DROPPED)
    return "".join(kept)[:MAX_CELL]


def harmless(text: str) -> str:
    """The text for a file without types (CSV): an apostrophe goes before what begins a formula."""
    shown = plain(text)
    return f"'{shown}"[:MAX_CELL] if shown.lstrip().startswith(FORMULA) else shown


def csv_cell(value: object) -> object:
    """A value as a CSV cell: its text harmless, None empty."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value
