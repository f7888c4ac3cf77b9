"""Cells of the tables that leave the site: no spreadsheet may take a text for a formula."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """A value as a CSV cell: a text that a spreadsheet would compute gets an apostrophe before
    it, None is empty."""
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return "" if value is None else value
