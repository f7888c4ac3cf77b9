"""French typography of the templates: no line begins with what ends a phrase, or « opens alone."""

import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
CODE = re.compile(r"(\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\})", re.DOTALL)
STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
#: A plain space where French asks for one that does not break: inside « », before : ; ? and !
BREAKABLE = re.compile(r"«[ \n\t]|[ \n\t](?:»|[:;?!](?![\w=]))")


def words(template: str) -> Iterator[str]:
    """What a template shows: its text, and the strings of its code; no comment."""
    for at, part in enumerate(CODE.split(template)):
        if at % 2 == 0:
            yield part
        elif not part.startswith("{#"):
            yield from STRING.findall(part)


def test_no_line_may_break_inside_quotation_marks_nor_before_high_punctuation() -> None:
    """The space is a no-break one: U+00A0, or &nbsp; outside of strings."""
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for part in words(path.read_text(encoding="utf-8")):
            for found in BREAKABLE.finditer(part):
                around = part[max(0, found.start() - 30) : found.end() + 30]
                wrong.append(f"{path.relative_to(TEMPLATES)}: …{around}…")
    assert wrong == []


def test_plain_space_is_found() -> None:
    for text in ("« a", "a »", "a\n»", "a : b", "a ;", "a ?", "{{ x }} : b", '{{ f("a ! b") }}'):
        assert any(map(BREAKABLE.search, words(text))), text
    for text in ("«\u00a0a\u00a0»", "a\u00a0: b", "{{ x if y }}", "{# a : b #}", "/a?b=1", "a :b"):
        assert not any(map(BREAKABLE.search, words(text))), text
