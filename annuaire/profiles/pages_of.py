"""What the pages of a profile's editing show, put together for their templates; no request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.area_words import ring_words
from annuaire.geo.areas import area_of, circled
from annuaire.geo.free_address import Finder
from annuaire.profiles import files, service
from annuaire.profiles.area_form import read_area, typed_area
from annuaire.profiles.changes import applied, differences
from annuaire.profiles.fields import BY_NAME, QUALIFICATIONS, SUBJECTS, WAYS, YES_NO, fields_of
from annuaire.profiles.gauge import Gauge, gauge
from annuaire.profiles.models import ProfileEdit
from annuaire.profiles.presenting import DiffLine, diff_lines, picture, public
from annuaire.profiles.reading import Sent, Values, given, read, typed
from annuaire.profiles.wording import words_of
from annuaire.structures.models import Structure
from annuaire.words import fold
from search.filters import InputError

BLANK_ROWS = 2  # that a form offers beside those that are filled
BLANK_ROWS_AT_FIRST = 3
_ROWS = {"references": "references", "qualifications": "qualifications", "contacts": "personnes"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A subject on the first page: what it says now, and which edit of it waits."""

    slug: str
    title: str
    lines: list[str]
    waiting: bool


class Answers(dict[str, Any]):
    """The answers of a form or of a row; one that was not given is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def own_point(structure: Structure) -> tuple[float, float] | None:
    """Where the structure stands, when that is known."""
    if structure.lat is None or structure.lon is None:
        return None
    return structure.lat, structure.lon


def read_form(
    session: Session, structure: Structure, subject: str, sent: Sent, day: date, find: Finder
) -> tuple[Values | None, list[InputError]]:
    """The values of a page's form, or its errors. A proof is one of the structure's own."""
    if subject == "zone":
        return read_area(sent, own_point(structure), find)
    values, errors = read(subject, sent, day)
    if values and subject == "qualifications":
        known = {file.id for file in files.files_of(session, structure) if file.kind == "proof"}
        for number, row in enumerate(values.get("qualifications") or ()):
            if row.get("proof", 0) not in known | {0}:
                said = "Ce justificatif n’est pas de cette structure : envoyez-le de nouveau."
                errors.append(InputError(f"qualifications-{number}-fichier", said))
    if errors or values is None:
        return None, errors
    _leave_to_directories(values, structure, service.held(session, structure.id).content)
    return values, []


def _leave_to_directories(values: Values, structure: Structure, content: Mapping[str, Any]) -> None:
    """Forget what the form shows of the directories and was left as it stood: it keeps following
    them."""
    for name, value in values.items():
        register = BY_NAME[name].register
        theirs = getattr(structure, register, None) if register else None
        if theirs is not None and value == theirs and content.get(name) is None:
            values[name] = None


def filled(structure: Structure, subject: str, content: Mapping[str, Any], day: date) -> Values:
    """What a page's form shows at first: the profile, else what the directories say."""
    if subject == "zone":
        return typed_area(content)
    if subject == "photos":
        return {}
    shown = dict(content)
    for field in fields_of(subject):
        if field.register and field.name not in shown:
            shown[field.name] = (
                [a.code for a in structure.activities if a.origin == "declared"]
                if field.name == "activities"
                else getattr(structure, field.register)
            )
    return typed(subject, shown, day)


def as_typed(subject: str, sent: Sent, day: date) -> Values:
    """What the form shows again of what was sent."""
    if subject == "zone":
        names = ("france", "rayon", "centre", "contour", "sans_contour")
        values = {name: next(iter(sent.get(name, ())), "") for name in names}
        return values | {"lieux": "\n".join(sent.get("lieux", ()))}
    return given(subject, sent, day)


def form_parts(structure: Structure, subject: str, shown: Values) -> dict[str, Any]:
    """What the template of a subject needs beside its values."""
    parts: dict[str, Any] = {"ways": WAYS, "yes_no": YES_NO, "kinds": QUALIFICATIONS}
    if name := _ROWS.get(subject):
        rows = list(shown.get(name, ()))
        blank = BLANK_ROWS if rows else BLANK_ROWS_AT_FIRST
        parts[name] = [*map(Answers, rows), *(Answers() for _ in range(blank))]
    if subject == "activites":
        parts["groups"] = _groups(structure, shown)
    return parts


def _groups(structure: Structure, shown: Values) -> list[dict[str, Any]]:
    """The activities by group, those in use first; `guessed` are inferred and not ticked."""
    ticked = {*shown.get("activites", ())}
    guessed = {a.code for a in structure.activities if a.origin != "declared"} - ticked
    groups = [
        {
            "label": group.label,
            "code": group.code,
            "leaves": [
                (leaf.code, leaf.label, leaf.code in ticked, leaf.code in guessed)
                for leaf in sorted(group.leaves, key=lambda leaf: fold(leaf.label))
            ],
            "count": sum(leaf.code in ticked for leaf in group.leaves),
            "open": any(leaf.code in ticked | guessed for leaf in group.leaves),
        }
        for group in taxonomy().groups
    ]
    return sorted(groups, key=lambda group: not group["open"])


def summaries(content: Mapping[str, Any], waiting: Sequence[ProfileEdit]) -> list[Summary]:
    """What each subject says now."""
    held_back = {made.subject for made in waiting}
    return [
        Summary(slug, title, [*_said(slug, content)], slug in held_back)
        for slug, title in SUBJECTS.items()
    ]


def _said(subject: str, content: Mapping[str, Any]) -> Iterator[str]:
    """What a subject says, each field by its name where there are several."""
    fields = fields_of(subject)
    for field in fields:
        if lines := words_of(field.name, content.get(field.name)):
            said = ", ".join(lines)
            yield f"{field.label} : {said}" if len(fields) > 1 else said


def completeness(structure: Structure, content: Mapping[str, Any]) -> Gauge:
    """The gauge, with what directories declare of the same."""
    register: dict[str, Any] = {
        name: getattr(structure, name) for name in ("phone", "email", "website", "description")
    }
    declared = [a.code for a in structure.activities if a.origin == "declared"]
    return gauge(content, register | {"activities": declared})


def preview(held: service.Held, values: Values, day: date) -> tuple[Any, list[DiffLine]]:
    """The page's part with a form's values, and what they change."""
    diff = differences(held.content, values)
    content = applied(held.content, diff)
    return public(service.Held(content, held.version, None), day), diff_lines(diff)


def area_parts(structure: Structure, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of the area shows beside its form: the structure's point, the circle's own
    centre (lat, lon, label), how many communes it holds; what is drawn, in words."""
    area, own = area_of(content.get("area")), own_point(structure)
    circle = area.circle(own) if area else None
    note = f"Ce cercle contient {len(circled(*circle))} communes." if circle else None
    centre = (*area.centre, area.centre_label) if area and area.centre else None
    ring = ring_words(area.ring) if area and area.ring else None
    return {"point": own, "centre": centre, "note": note, "ring": ring}


def pictures_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The pictures of a profile, for the page that changes them."""
    logo = content.get("logo")
    return {
        "logo": picture(logo) if logo else None,
        "photos": [picture(photo) for photo in content.get("photos", ())],
    }
