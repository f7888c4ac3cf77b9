"""Evidence between `<mark>` and `</mark>` in a text that is otherwise escaped."""

from collections.abc import Iterable

from markupsafe import escape

Span = tuple[int, int]


def marked(text: str, spans: Iterable[Span]) -> str:
    """`text` escaped, with the spans, which may overlap, marked: for the filter `marque`."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        first = max(at, start)
        if first < end:
            parts += [str(escape(text[at:first])), f"<mark>{escape(text[first:end])}</mark>"]
            at = end
    return "".join([*parts, str(escape(text[at:]))]).replace("</mark><mark>", "")
