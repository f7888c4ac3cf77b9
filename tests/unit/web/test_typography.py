"""French typography of the templates: a quotation mark never stands alone at the end of a line."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
BREAKABLE = re.compile(r"«[ \n\t]|[ \n\t]»")


def test_no_line_may_break_inside_quotation_marks() -> None:
    """The space after « and before » is a no-break one: U+00A0, or &nbsp; outside of strings."""
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        for found in BREAKABLE.finditer(text):
            around = text[max(0, found.start() - 30) : found.end() + 30]
            wrong.append(f"{path.relative_to(TEMPLATES)}: …{around}…")
    assert wrong == []


def test_plain_space_is_found() -> None:
    for text in ("« a", "a »", "a\n»"):
        assert BREAKABLE.search(text)
    assert not BREAKABLE.search("«\u00a0a\u00a0»")
