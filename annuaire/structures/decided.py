"""What people decided of one structure, and how it changes what its sources say; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from annuaire.geo.gazetteer import gazetteer
from annuaire.structures.fields import HIDEABLE

#: The name, as a source, of what a structure or a moderator corrected.
OWN_SOURCE: Final = "structure"
#: That of what a structure says on its own page (annuaire/profiles/register.py).
PROFILE: Final = "profil"


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions in force: `edits` is field → (value, decision's number), `hidden` the fields
    objected to (keys of HIDEABLE), `withdrawn_on` the day on which the structure was taken off."""

    edits: Mapping[str, tuple[Any, int]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    withdrawn_on: date | None = None


NOTHING: Final = Decided()


def apply_edits(
    values: dict[str, Any], origins: dict[str, tuple[str, int]], decided: Decided
) -> None:
    """Put edits over what sources say; an edit's origin is (OWN_SOURCE, the decision's number)."""
    for name, (value, decision) in decided.edits.items():
        values[name] = value
        origins[name] = (OWN_SOURCE, decision)


def take_hidden_away(
    values: dict[str, Any], origins: dict[str, tuple[str, int]], decided: Decided
) -> None:
    """Take hidden fields away. A hidden address leaves the commune's centre as the only point: a
    precise one would give the address away."""
    for hidden in decided.hidden:
        for name in HIDEABLE[hidden]:
            values[name] = None
            origins.pop(name, None)
    if "address" in decided.hidden and "lat" not in decided.hidden:
        _coarsen(values, origins)


def _coarsen(values: dict[str, Any], origins: dict[str, tuple[str, int]]) -> None:
    if values["geo_precision"] == "commune":
        return
    commune = gazetteer().commune(values["code_insee"] or "")
    centre = gazetteer().centre_of(commune, values["postcode"]) if commune else None
    values["lat"], values["lon"] = centre or (None, None)
    values["geo_precision"] = "commune" if centre else None
    for name in HIDEABLE["lat"]:
        origins.pop(name, None)  # worked out here: no source gave it
