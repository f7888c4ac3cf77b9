"""The French nomenclature of activities (NAF rév. 2, INSEE)."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "naf_rev2.tsv"


@cache
def _table() -> dict[str, str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def normalise(code: str | None) -> str | None:
    """A known code without dot, of any level (« 81.21z » gives « 8121Z »); else None."""
    short = (code or "").replace(".", "").replace(" ", "").upper()
    return short if short in _table() else None


def is_known(code: str | None) -> bool:
    """Whether this is a code of the nomenclature, of any level."""
    return normalise(code) is not None


def label(code: str) -> str | None:
    """INSEE's label, or None when the code is unknown."""
    short = normalise(code)
    return _table()[short] if short else None
