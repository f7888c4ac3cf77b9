"""How values are written in French on the pages: dates, amounts, distances, counts, links.

Pure functions, registered as Jinja filters by `annuaire.web`. None is written as an empty string,
so that a template never prints « None ».
"""

import math
import re
from datetime import date, datetime
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from annuaire.geo import zones

NBSP = "\u00a0"  # between a number and its unit
THIN = "\u202f"  # between thousands
#: A plain space where French asks for one that does not break
_BREAKABLE = re.compile(r"(?<=«) | (?=[»:;?!](?!\w))|(?<=€) (?=HT\b)|(?<=\d) (?=(?:€|%|km)(?!\w))")
PARIS = zones.PARIS
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def _as_date(value: date | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(PARIS)
    return value


def date_fr(value: date | str | None) -> str:
    """« 1er mars 2026 »; a datetime is read in Paris time, a string must be ISO 8601.

    A string that is no ISO date is given back as it stands: sources do write « 2e trimestre ».
    """
    if not value:
        return ""
    try:
        day = _as_date(value)
    except ValueError:
        return str(value)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def date_heure_fr(value: date | str | None) -> str:
    """« 3 mars 2026 à 12 h 30 » (Paris time); a date without an hour is written as `date_fr`."""
    if not value:
        return ""
    try:
        moment = _as_date(value)
    except ValueError:
        return str(value)
    if not isinstance(moment, datetime):
        return date_fr(moment)
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{date_fr(moment)} à {moment.hour}{NBSP}h{minutes}"


def date_iso(value: date | str | None) -> str:
    """The value of a `datetime` attribute; a string is given back as it stands."""
    return value.isoformat() if isinstance(value, date) else (value or "")


def nombre(value: float | None, decimals: int | None = None) -> str:
    """« 12 345,5 »: thin spaces between thousands, a comma, no trailing zeros unless asked."""
    if value is None or not math.isfinite(value):
        return ""
    text = f"{value:,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", THIN).replace(".", ",").replace("-", "\u2212")


def euros(value: float | None) -> str:
    """« 1 234 567 € »: whole euros from 100 on, cents below. Say « HT » beside it."""
    if value is None or not math.isfinite(value):
        return ""
    whole = abs(value) >= 100 or value == int(value)
    return f"{nombre(value, 0 if whole else 2)}{NBSP}€"


def km(value: float | None) -> str:
    """« 12 km », « 3,4 km », « moins de 1 km »: as fine as a commune's centre allows."""
    if value is None or not math.isfinite(value):
        return ""
    if value < 1:
        return f"moins de 1{NBSP}km"
    shown = nombre(round(value, 1)) if value < 9.95 else nombre(value, 0)
    return f"{shown}{NBSP}km"


def pourcent(share: float | None) -> str:
    """« 7,5 % » from a share of 1 (0.075)."""
    return "" if share is None else f"{nombre(round(share * 100, 1))}{NBSP}%"


def pluriel(count: float, singular: str, plural: str | None = None) -> str:
    """« 0 marché », « 1 marché », « 2 marchés »: French plurals begin at 2.

    Without `plural`, every word of `singular` takes an s (« lot publié » → « lots publiés »).
    """
    if abs(count) < 2:
        word = singular
    else:
        word = plural or " ".join(
            w if w.endswith(("s", "x", "z")) else w + "s" for w in singular.split()
        )
    return f"{nombre(count)}{NBSP}{word}"


def siret_fr(value: str | None) -> str:
    """« 123 456 789 00012 », or a SIREN « 123 456 789 »; anything else as it stands."""
    if not value or not value.isdigit() or len(value) not in (9, 14):
        return value or ""
    groups = (value[:3], value[3:6], value[6:9], value[9:])
    return NBSP.join(group for group in groups if group)


def telephone(value: str | None) -> str:
    """« 03 20 00 00 00 » for ten French digits, +33 included; anything else as it stands."""
    digits = re.sub(r"[\s.\-()]", "", value or "")
    if digits.startswith("+33"):
        digits = "0" + digits[3:].removeprefix("0")
    if not re.fullmatch(r"0\d{9}", digits):
        return value or ""
    return NBSP.join(digits[i : i + 2] for i in range(0, 10, 2))


def lien_telephone(value: str | None) -> str:
    """The `tel:` address of a phone number, or "" when it holds no usable digits."""
    digits = re.sub(r"[^\d+]", "", value or "")
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{4,15}", digits) else ""


def lien_web(value: str | None) -> str:
    """An http(s) address fit for `href`, or "" for anything else (`javascript:`, free text).

    Directories write « www.exemple.fr » without a scheme: https is supposed.
    """
    text = (value or "").strip()
    if not text or re.search(r"[\s\x00-\x1f\x7f<>\"'\\]", text):
        return ""
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return text if parts.scheme.lower() in ("http", "https") and "." in host else ""


def marque(value: str | None) -> Markup:
    """HTML whose only tags are <mark>, as the search engines and the clauses give it.

    Should any other tag be in it, the whole is escaped but the marks: a source never writes markup
    into our pages.
    """
    text = str(value or "")
    bare = re.sub(r"</?mark>", "", text)
    if "<" not in bare and ">" not in bare:
        return Markup(text)  # noqa: S704 - checked on the line above
    escaped = str(escape(text))
    return Markup(  # noqa: S704 - escaped on the line above
        escaped.replace("&lt;mark&gt;", "<mark>").replace("&lt;/mark&gt;", "</mark>")
    )


def insecable(value: str | None) -> str:
    """A sentence of ours on a page: no line begins with what ends a phrase, or with a unit."""
    return _BREAKABLE.sub(NBSP, str("" if value is None else value))


FILTERS = {
    function.__name__: function
    for function in (
        date_fr, date_heure_fr, date_iso, nombre, euros, km, pourcent, pluriel, siret_fr,
        telephone, lien_telephone, lien_web, marque,
        insecable,
    )
}  # fmt: skip
