"""Every address of the site asked with hostile values in the parameters that it reads, counted.

A value counts when the view looked its name up, or took all that was sent and has a field of that
name in a form: what the site ignores proves nothing.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote_plus

from flask import Flask, Request
from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule
from werkzeug.test import TestResponse

from annuaire.web import STALE_FORM
from tests.factories.hostile import CANARY, would_run

FORM = "application/x-www-form-urlencoded"
SANE = {200, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 429}
Values = dict[str, list[str]]
#: How often a name is sent at once, each time with another text.
TIMES = 2
#: How many requests more an address may have that reads much.
MOST = {"GET": 3, "POST": 10}
#: What a form must send back as it is: hostile, they end the request before its view.
KEPT = {"csrf_token", "version"}


class Reads:
    """The names that the view at work looked up, and of which it took the `lists`; `every`: it took
    all that was sent; `every_value`: also what a name has more than one of."""

    def __init__(self) -> None:
        self.on = self.every = self.every_value = False
        self.names: set[str] = set()
        self.lists: set[str] = set()

    def watch(self, *, on: bool = True) -> None:
        self.on, self.every, self.every_value = on, False, False
        self.names, self.lists = set(), set()

    def note(self, name: object, *, whole: bool = False) -> None:
        if self.on:
            self.names.add(str(name))
            self.lists |= {str(name)} if whole else set()

    def note_every(self, *, whole: bool = False) -> None:
        self.every = self.every or self.on
        self.every_value = self.every_value or (self.on and whole)

    def of(self, name: str, controls: set[str]) -> int:
        """How many of the values sent by a name the view read: none, the first or all."""
        if name in self.lists or (self.every_value and name in controls):
            return TIMES
        return int(name in self.names or (self.every and name in controls))


def watched(app: Flask) -> Reads:
    """Note from now on what each view of an application that served nothing yet looks up."""
    reads = Reads()

    class Noted(ImmutableMultiDict[str, str]):
        def __getitem__(self, key: str) -> str:
            reads.note(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            reads.note(key)
            return super().__contains__(key)

        def getlist(self, key: str, *more: Any, **named: Any) -> list[Any]:
            reads.note(key, whole=True)
            return super().getlist(key, *more, **named)

        def items(self, multi: bool = False) -> Any:
            reads.note_every(whole=multi)
            return super().items(multi)

        def lists(self) -> Any:
            reads.note_every(whole=True)
            return super().lists()

        def __iter__(self) -> Iterator[str]:
            reads.note_every()
            return super().__iter__()

    class Asked(Request):
        parameter_storage_class = Noted

    app.request_class = Asked
    app.before_request(reads.watch)  # last: what guards the views looks at every name
    return reads


class Walk:
    """One browser that goes everywhere. `sound`: by name, what a form or an address takes; `parts`:
    by part of an address, what leads somewhere: by what stands before it, by its name in a
    blueprint, or by its name."""

    def __init__(
        self, app: Flask, reads: Reads, sound: dict[str, str], parts: dict[str, list[str]]
    ) -> None:
        self.app, self.reads, self.sound, self.parts = app, reads, sound, parts
        self.names: dict[tuple[str, str], set[str]] = {}  # by address and method, what it reads
        self.kept: dict[tuple[str, str], Values] = {}  # what forms of this browser's pages hold
        self.sent = self.asked = self.shown = 0

    def paths(self, rule: Rule, text: str = "") -> list[str]:
        """The addresses of a rule: of things that are there, or one with `text` in a part."""
        found = [re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)]
        found[0] = re.sub(r"<int:[^>]+>", "1", found[0])
        for name in re.findall(r"<(?:path:)?(\w+)>", found[0]):
            area = rule.endpoint.split(".")[0]
            before = rule.rule.split(f"<{name}>")[0]
            known = (self.parts.get(each) for each in (before, f"{area}.{name}", name))
            values = next(filter(None, known), ["1"])
            values = [text] if text else values
            found = [re.sub(rf"<(path:)?{name}>", lambda _, v=value: v, path)
                     for path in found for value in values]  # fmt: skip
        return found

    def ask(self, browser: FlaskClient, method: str, path: str, sent: str = "") -> TestResponse:
        """One request, whose answer is sound whatever was asked."""
        self.reads.watch(on=False)
        self.asked += 1
        there: dict[str, Any] = {"query_string": sent}
        if method == "POST":
            there = {"data": sent, "content_type": FORM}
        answer = browser.open(path, method=method, buffered=True, **there)
        said = f"{method} {path[:300]} {sent[:1500]} : {answer.status_code}"
        assert answer.status_code in SANE, said
        assert "X-Injected" not in answer.headers, said
        assert answer.headers["X-Content-Type-Options"] == "nosniff", said
        location = answer.headers.get("Location", "/")  # whole where two slashes become one
        assert re.match(r"(http://localhost)?/(?![/\\])", location), f"{said} {location}"
        if answer.mimetype == "text/html":
            assert would_run(answer.text) == [], said
            self.shown += CANARY in answer.text
        return answer

    def send_all(self, browser: FlaskClient, path: str, method: str, texts: list[str]) -> None:
        """Requests to an address: one that reads nothing is asked once, one that reads much more
        often, in turns with texts everywhere and in some places."""
        few = len(texts[-1]) % 2 == 0
        self.send(browser, path, method, texts, few=few)
        read = len(self.names[path, method])
        most = 1 if re.search(r"\.(docx|odt|xlsx|csv)$", path) else MOST[method]
        for more in range(1, 1 + min(read + 1, most) if read else 0):
            few = not few
            self.send(browser, path, method, texts[more * 3 :] + texts[: more * 3], few=few)

    def send(
        self, browser: FlaskClient, path: str, method: str, texts: list[str], *, few: bool
    ) -> None:
        """One request with texts in every parameter known of an address, or in `few` of them:
        the others then pass, so that what comes after the first error is reached too."""
        known = self.names.setdefault((path, method), set())
        values = self.kept.get((path, method)) or self.form_values(browser, path, method)
        controls = (values.keys() - KEPT) or self.searched(path, method)
        names = sorted(known | controls)
        hostile = {name for at, name in enumerate(names) if not few or at % 3 == len(texts[0]) % 3}
        pairs = []
        for at, name in enumerate(names):
            own = values.get(name, [""])[0] or self.pass_(name)
            turned = [texts[(at + time * 7) % len(texts)] for time in range(TIMES)]
            pairs += [(name, text) for text in turned if name in hostile] or [
                (name, quote_plus(own))
            ]
        kept = [(name, quote_plus(own)) for name in KEPT for own in values.get(name, [])]
        sent = "&".join(f"{n}={text}" for n, text in pairs + kept)
        answer = self.ask(browser, method, path, sent)
        stale = answer.status_code == 400 and STALE_FORM in unescape(answer.text)
        if ("version" not in values or answer.status_code == 400) and not stale:
            self.kept[path, method] = values
        else:  # the form has changed since, or the browser has another session
            self.kept.pop((path, method), None)
        self.sent += sum(self.reads.of(name, controls) for name in hostile)
        known |= self.reads.names - KEPT
        known |= {name for name in controls if self.reads.of(name, controls)}

    def searched(self, path: str, method: str) -> set[str]:
        """What an address without a form takes when it takes all that is sent: as the search page
        whose results it gives in another form."""
        alike = {
            "/structures": r"^/(structures/(carte|export)|flux/structures|api/v1/structures$)",
            "/marches": r"^/(marches/(carte|export)|flux/marches|api/v1/contracts$)",
        }
        found = [self.names.get((page, "GET"), set()) for page, words in alike.items()
                 if method == "GET" and re.search(words, path)]  # fmt: skip
        return set().union(*found)

    def send_in_path(self, browser: FlaskClient, rule: Rule, method: str, text: str) -> None:
        """One request whose address holds the text."""
        [path] = self.paths(rule, text.replace("%5C", "").replace("\\", "") or "%20")[:1]
        self.ask(browser, method, path)
        self.sent += path not in self.paths(rule)

    def form_values(self, browser: FlaskClient, path: str, method: str) -> Values:
        """What the form that is sent to `path` holds when it is opened: by name, its values; of an
        address that shows no page, the token alone."""
        page = self.ask(browser, "GET", path) if self.shows(path) else None
        lost = method == "POST" and (page is None or "csrf_token" not in page.text)
        if page is None or lost:
            page = self.ask(browser, "GET", "/verifier")
        if page.mimetype != "text/html":
            return {}
        found: Values = {}
        for form in html.fromstring(page.data).forms:
            own = (form.get("action") or path).split("?")[0] == path
            own &= form.method == method
            for name, value in form.form_values():
                if own or name == "csrf_token":
                    found.setdefault(name, [value])
            if own:
                found |= {
                    name: [""] for name in map(str, form.inputs) if name and name not in found
                }
        return found

    def pass_(self, name: str) -> str:
        return self.sound.get(re.sub(r".*-\d+-", "", name), "1")

    def shows(self, path: str) -> bool:
        try:
            self.app.url_map.bind("localhost").match(path, "GET")
        except (HTTPException, RequestRedirect):
            return False
        return True
