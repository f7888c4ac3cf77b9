"""A profile as pages show it: plain values in French, no query."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from annuaire.profiles.fields import AVAILABILITY_DAYS, SUBJECTS
from annuaire.profiles.models import ProfileEdit
from annuaire.profiles.service import STATES, Held
from annuaire.profiles.wording import label_of, words_of
from annuaire.wording import date_fr, euros

YES: Final = "oui"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its addresses by width, and its text for who does not see it."""

    src: str
    srcset: str
    alt: str
    sha256: str


def picture(kept: Mapping[str, Any]) -> Picture:
    """A picture that a profile holds (annuaire/profiles/pictures.py)."""
    widths = sorted(kept["widths"])
    urls = {width: f"/fichiers/images/{kept['sha256']}-{width}.webp" for width in widths}
    srcset = ", ".join(f"{url} {width}w" for width, url in urls.items())
    return Picture(urls[widths[0]], srcset, kept.get("alt", ""), kept["sha256"])


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the page: its title and what is said."""

    label: str
    lines: list[str]


def public(held: Held, today: date) -> dict[str, Any] | None:
    """What a structure's page shows of its profile, beside what the register shows already; None
    when it says nothing."""
    content = held.content
    facts = [fact for fact in _facts(content, today) if fact.lines]
    logo, photos = content.get("logo"), content.get("photos", ())
    contacts = content.get("contacts", ())
    if not (facts or logo or photos or contacts):
        return None
    return {
        "said_at": held.updated_at,
        "facts": facts,
        "contacts": [{name: row.get(name) for name in _CONTACT} for row in contacts],
        "logo": picture(logo) if logo else None,
        "photos": [picture(photo) for photo in photos],
    }


_CONTACT: Final = ("name", "role", "phone", "email")


def _facts(content: Mapping[str, Any], today: date) -> Iterator[Fact]:
    def said(label: str, *names: str) -> Fact:
        return Fact(label, [line for name in names for line in words_of(name, content.get(name))])

    yield said("Ses offres", "offers")
    yield said("Zone d’intervention", "area")
    yield said("Façons de travailler", "ways")
    yield said("Moyens", "people", "teams", "machines")
    if (days := content.get("delay_days")) is not None:
        said_delay = "tout de suite" if days == 0 else f"en {words_of('delay_days', days)[0]}"
        yield Fact("Peut démarrer", [said_delay])
    yield Fact("Disponibilité", availability(content, today))
    yield Fact("Montants qui lui vont", _amounts(content))
    yield Fact("Co-traitance", _cocontract(content))
    yield said("Références", "references")
    yield said("Qualifications et labels", "qualifications")
    yield said("Réseaux", "networks")
    yield said("Accessibilité", "accessibility")


def availability(content: Mapping[str, Any], today: date) -> list[str]:
    """What it said of its availability, while that is recent enough to be believed."""
    said, on = content.get("available"), content.get("available_on")
    if not said or not on or (today - date.fromisoformat(on)).days > AVAILABILITY_DAYS:
        return []
    return [f"{'disponible' if said == YES else 'pas disponible'}, le {date_fr(on)}"]


def _amounts(content: Mapping[str, Any]) -> list[str]:
    least, most = content.get("amount_min"), content.get("amount_max")
    if least is not None and most is not None:
        return [f"de {euros(least)} à {euros(most)} HT"]
    if most is not None:
        return [f"jusqu’à {euros(most)} HT"]
    return [f"à partir de {euros(least)} HT"] if least is not None else []


def _cocontract(content: Mapping[str, Any]) -> list[str]:
    said = content.get("cocontract")
    if not said:
        return []
    first = "prête à répondre en groupement" if said == YES else "ne répond pas en groupement"
    return [first, *words_of("partners", content.get("partners"))]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A field that an edit changed, before and after in words."""

    label: str
    before: list[str]
    after: list[str]


@dataclass(frozen=True, slots=True)
class EditLine:
    """An edit in the history."""

    id: int
    made_at: datetime
    author: str
    subject: str
    state: str
    state_words: str
    reason: str | None
    undoes: int | None
    diff: list[DiffLine]
    can_undo: bool


def history(edits: Iterable[ProfileEdit], authors: Mapping[int, str]) -> list[EditLine]:
    """Edits as their history shows them; `authors` are the names of accounts that still are."""
    return [
        EditLine(
            id=made.id,
            made_at=made.made_at,
            author=authors.get(made.author_id or 0, "un compte effacé"),
            subject=SUBJECTS.get(made.subject, made.subject),
            state=made.state,
            state_words=STATES[made.state],
            reason=made.reason,
            undoes=made.undoes,
            diff=diff_lines(made.diff),
            can_undo=made.undoes is None and made.state not in ("undone", "refused"),
        )
        for made in edits
    ]


def diff_lines(diff: Mapping[str, Sequence[Any]]) -> list[DiffLine]:
    """A diff in words."""
    return [
        DiffLine(label_of(name), words_of(name, before), words_of(name, after))
        for name, (before, after) in diff.items()
    ]
