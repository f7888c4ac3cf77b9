"""What a structure's document takes from its profile."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.geo.areas import area_of, marks_of
from annuaire.profiles.queries import profiles_of
from annuaire.structures.models import Structure

#: What is stored of a profile under `told`, for matching (annuaire/matching/told.py).
STORED: Final = (
    "area", "available", "available_on", "amount_min", "amount_max", "ways", "cocontract",
)  # fmt: skip


def contents_of(session: Session, structure_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """What profiles say, by structure; only those that say something. In one query."""
    found: dict[int, Mapping[str, Any]] = {}
    for profile, structure_id in session.execute(profiles_of(structure_ids)):
        if profile.content:
            found.setdefault(structure_id, profile.content)
    return found


def labels_of(profile: Mapping[str, Any]) -> list[str]:
    """The names of labels that a profile states."""
    rows = profile.get("qualifications", ())
    return [row["name"] for row in rows if row.get("kind") == "label"]


def profile_fields(structure: Structure, profile: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that only a profile fills: offers, service area, willingness to co-contract."""
    area = area_of(profile.get("area"))
    marks = marks_of(area, own_point(structure)) if area else None
    return {
        "offers": profile.get("offers"),
        "serves": list(marks.serves) if marks else None,
        "served": list(marks.departements) if marks else None,
        "cocontract": profile.get("cocontract"),
    }


def profile_stored(profile: Mapping[str, Any]) -> dict[str, Any]:
    """What matching reads of a profile, when it says any of it."""
    told = {name: profile[name] for name in STORED if name in profile}
    return {"told": told} if told else {}


def own_point(structure: Structure) -> tuple[float, float] | None:
    """Where the structure stands, when that is known."""
    if structure.lat is None or structure.lon is None:
        return None
    return structure.lat, structure.lon
