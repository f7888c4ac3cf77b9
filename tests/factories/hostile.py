"""Texts meant to harm a page, a database or a header, and what sees that one of them would run."""

import re
from urllib.parse import quote

from hypothesis import strategies as st
from lxml import html

#: Part of every text that would be code: nothing of ours is named so.
CANARY = "kanari"
MARKUP = (
    "<{0}>", "<{0} onload={0}()>", "<script>{0}()</script>", "<script src=//{0}.example></script>",
    '"><img src=x onerror={0}()>', "'><svg/onload={0}()>", '" onmouseover="{0}()',
    "' onfocus='{0}()",
    "</textarea><script>{0}()</script>", "</title><{0}>", "</script><script>{0}()</script>",
    "--><{0}>", "]]><{0}>", "<iframe srcdoc='<{0}>'>", "<a href=javascript:{0}()>x</a>",
    "<form action=javascript:{0}()><button>x</button></form>", "<math><{0}>", "<style>@import'{0}'",
    "javascript:{0}()", "JaVa\tScRiPt:{0}()", " javascript:{0}()", "data:text/html,<{0}>",
    "vbscript:{0}()", "//{0}.example", "/\\{0}.example", "https://{0}.example/", "\\\\{0}.example",
    "http://{0}.example@a", "{{{{{0}()}}}}", "{{% {0} %}}", "${{{0}()}}", "<%={0}()%>", "`{0}`",
    "=HYPERLINK(\"http://{0}\")", "@{0}", "[{0}](javascript:{0}())", "&lt;{0}&gt;", "&#60;{0}&#62;",
    "%3C{0}%3E", "\\u003c{0}\\u003e", "<{0}\u202e>", "{0}\u200b<{0}>", "＜{0}＞", "<<{0}>>{0}",
)  # fmt: skip
#: As they stand in an address: what no text holds is percent-encoded.
RAW = (
    "", "%20", "%ED%A0%80", "%FF%FE", "%F4%8F%BF%BF", "%0D%0AX-Injected:%201", "..", "%25",
    "..%2F..%2Fetc%2Fpasswd", "%2e%2e/%2e%2e", "%5C..%5C", "'", "%22", "%5C", "%C2%A0" * 50,
    "';DROP%20TABLE%20structure;--", "1%20OR%201=1", "%25_%25", "-1", "0", "1e309", "nan", "-inf",
    "9223372036854775808", "1" * 400, "9" * 4_400, "a" * 10_000, "%C3%A9" * 300, "%E2%80%AE", "0,0",
    "-5", "45.0,-30.0", "point:90.1,180.1", "true", "null", "[]", "*", "AND%20OR%20NOT", "siren:",
    "%2B(a%20-b)%5E2~3", "name:a", "a%20%22b", "%F0%9F%92%A9", "%D9%A3", "2026-02-30",
    "9999-12-31", "0000-00-00", "1" * 14, "%E2%80%8B", "a%E2%80%8Db%F0%9F%8F%B3", "%01%02%1B",
)  # fmt: skip


def encoded(text: str) -> str:
    """A text as an address holds it, halves of surrogate pairs included."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


#: One text, as it stands in an address or a form's body. A NUL refuses a request whole, whatever
#: else it holds: tests/integration/test_hostile_text.py sends it alone.
HOSTILE_TEXT = st.one_of(
    st.sampled_from(MARKUP).map(lambda text: encoded(text.format(CANARY))),
    st.sampled_from(RAW),
    st.tuples(st.text(max_size=12), st.sampled_from(MARKUP), st.text(max_size=12)).map(
        lambda parts: encoded(parts[0] + parts[1].format(CANARY) + parts[2]).replace("%00", "")
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=40).map(
        encoded
    ),
)

_RUNS = re.compile(r"^(javascript|data|vbscript):", re.IGNORECASE)
_BLANK = re.compile(r"[\x00-\x20]+")
_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "ping")
_DATA = {"application/json", "application/ld+json", "application/geo+json"}


def would_run(page: str) -> list[str]:
    """What a browser would take from the page as code or markup and that holds the canary."""
    if CANARY not in page:
        return []
    found: list[str] = []
    for element in html.fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8")).iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        if CANARY in element.tag:
            found.append(f"<{element.tag}>")
        code = element.tag in {"script", "style"} and element.get("type") not in _DATA
        if code and CANARY in (element.text or ""):
            found.append(f"{element.tag}: {(element.text or '')[:60]}")
        for name, value in element.attrib.items():
            runs = name.startswith("on") or name in {"style", "srcdoc"}
            address = name in _ADDRESSES and (
                _RUNS.match(_BLANK.sub("", value)) or _loads(element.tag, name, value)
            )
            if CANARY in name or (CANARY in value and (runs or address)):
                found.append(f"<{element.tag} {name}={value[:60]!r}>")
    return found


def _loads(tag: str, name: str, value: str) -> bool:
    """Whether another host's answer would become part of the page."""
    outside = re.match(rf"\s*(https?:)?[/\\]{{2}}[^/?#]*{CANARY}", value)
    return bool(outside) and (name in {"src", "action", "formaction"} or tag == "link")
