"""Letters from their templates: `templates/mail/<name>.html` and `<name>.txt`.

The text holds the subject, in a block of that name; the page is given it as `subject`. Both
extend `mail/base.*`. A value that is missing stops the letter: none leaves with a hole in it.
"""

from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from annuaire.config import ROOT
from annuaire.mail.letters import Letter, one_line
from annuaire.wording import FILTERS


def render(
    name: str,
    *,
    to: str,
    once: str,
    purpose: str,
    reply_to: str | None = None,
    unsubscribe: str | None = None,
    not_before: datetime | None = None,
    **values: Any,
) -> Letter:
    """The letter that the templates called `name` make of `values`; they are given `to` and
    `unsubscribe` too. Raises jinja2.UndefinedError when a value that they need is missing."""
    given = {"public_url": None} | values | {"to": to, "unsubscribe": unsubscribe}
    text = _environment().get_template(f"mail/{name}.txt")
    context = text.new_context(given)
    subject = one_line("".join(text.blocks["subject"](context)))
    html = _environment().get_template(f"mail/{name}.html")
    return Letter(
        to=to,
        subject=subject,
        text=_tidy(text.render(given)),
        html=html.render(given, subject=subject),
        once=once,
        purpose=purpose,
        reply_to=reply_to,
        unsubscribe=unsubscribe,
        not_before=not_before,
    )


def part(name: str, **values: Any) -> str:
    """A part that many letters have, made once: `templates/mail/<name>` with its ending; HTML comes
    as Markup."""
    made = _environment().get_template(f"mail/{name}").render(values)
    return Markup(made) if name.endswith(".html") else made  # noqa: S704 - our own template


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def _tidy(text: str) -> str:
    """Lines without ends of blanks, never two empty ones together."""
    lines: list[str] = []
    for line in map(str.rstrip, text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
