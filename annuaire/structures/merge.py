"""One structure out of what its sources say, field by field; pure.

The most trusted source that knows a field wins; the others stay visible as provenance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from annuaire.activities.inferring import DECLARED_WEIGHT, infer
from annuaire.activities.taxonomy import taxonomy
from annuaire.structures.decided import NOTHING, PROFILE, Decided, apply_edits, take_hidden_away
from annuaire.structures.points import best_point, looked_up

#: Smaller is more trusted: what the structure says on its own page, of what it may say there;
#: a directory that grants a status, then what enriches, then samples.
#: What the structure itself corrected (`decided.OWN_SOURCE`) stands above them all.
TRUST: Final = {
    PROFILE: 5,
    "siae": 10,
    "geiq": 10,
    "esat": 10,
    "ea": 10,
    "ea_finess": 15,
    "esus": 20,
    "esat_listes": 30,
    "marche": 60,
    "attributions": 65,
    "sirene": 70,
    "recherche_entreprises": 71,
    "ess_france": 72,
    "ban": 75,
    "exemple": 90,
}

#: Sources that only add to what directories list: alone, they keep no structure in the register.
ADDING: Final = frozenset(
    {"sirene", "recherche_entreprises", "ess_france", "attributions", "ban", PROFILE}
)

_SIRENE: Final = ("sirene", "recherche_entreprises")
#: Where a source knows better than those that are more trusted: the company registers hold the
#: activity and the size that directories copied from them, once; the ESS is told by its own list.
BEST_FOR: Final = {"naf": _SIRENE, "employees_range": _SIRENE, "ess": ("ess_france",)}

FIELDS: Final = (
    "finess", "name", "brand", "address", "postcode", "city", "code_insee", "departement",
    "lat", "lon", "geo_precision", "naf", "legal_form", "website", "phone", "email",
    "employees_range", "description", "head_office", "ess",
)  # fmt: skip
#: Taken together from the source that changed its mind last: a closing is undone by a reopening.
STATE: Final = ("open", "closed_on")

#: Taken together from one source: half an address from each would be nobody's address.
GROUPS: Final = (("address", "postcode", "city", "code_insee", "departement"),)

#: Chosen together by how precise they are first (annuaire.structures.points), then by trust.
POINT: Final = ("lat", "lon", "geo_precision")


@dataclass(frozen=True, slots=True)
class Said:
    """What one source said of a structure, in the run that last changed it; `present` unless it
    speaks of a number that the structure had once, or of one joined to it."""

    source: str
    source_key: str
    run_id: int
    data: dict[str, Any]
    present: bool = True


@dataclass(frozen=True, slots=True)
class Merged:
    """A structure's values, where each comes from, its statuses and its activities."""

    values: dict[str, Any]
    origins: dict[str, tuple[str, int]]
    statuses: dict[tuple[str, str], tuple[date | None, date | None]]
    activities: dict[str, tuple[str, str, float]]  # code: (origin, evidence, weight)


def trust(source: str) -> int:
    """The rank of a source: smaller is more trusted."""
    return TRUST.get(source, 50)


def lists(said: Sequence[Said]) -> bool:
    """Whether some record grants a status: without one a structure has ended."""
    return any(record.data["statuses"] for record in said)


def merge(said: Sequence[Said], decided: Decided = NOTHING) -> Merged:
    """Merge the living records of one structure; the order in which they came does not count.
    What people decided stands above what sources say, at each reading again."""
    ranked = sorted(said, key=_rank)
    values: dict[str, Any] = dict.fromkeys((*FIELDS, *STATE))
    origins: dict[str, tuple[str, int]] = {}
    grouped = {field: group for group in GROUPS for field in group}
    for field in FIELDS:
        group = grouped.get(field, ())
        for record in _best_first(ranked, field):
            value = record.data.get(field)
            if value is None or field in POINT:
                continue
            if any(origins.get(f, (record.source,))[0] != record.source for f in group):
                continue
            values[field] = value
            origins[field] = (record.source, record.run_id)
            break
    _take_point(best_point(ranked, values), values, origins)
    _take_state(ranked, values, origins)
    apply_edits(values, origins, decided)
    if "address" in decided.edits:
        # A directory's point is that of the address it gives; the base's, of the one it was asked.
        _take_point(looked_up(ranked, values), values, origins)
    take_hidden_away(values, origins, decided)
    return Merged(values, origins, _statuses(ranked), _activities(ranked, values))


def _rank(said: Said) -> tuple[bool, int, str, bool, str]:
    """Smaller is more trusted; what a register says of a former number comes last of all."""
    former = said.source in ADDING and not said.present
    return former, trust(said.source), said.source, not said.present, said.source_key


def _best_first(ranked: Sequence[Said], field: str) -> Sequence[Said]:
    """The records in the order in which they are believed for a field: the trust of their source,
    but for BEST_FOR."""
    if len(ranked) == 1:
        return ranked
    if best := BEST_FOR.get(field):
        return sorted(
            ranked,
            key=lambda s: best.index(s.source) if s.source in best and s.present else len(best),
        )
    return ranked


def _take_point(
    placed: Said | None, values: dict[str, Any], origins: dict[str, tuple[str, int]]
) -> None:
    if placed:
        for field in POINT:
            values[field] = placed.data.get(field)
            if values[field] is not None:
                origins[field] = (placed.source, placed.run_id)


def _take_state(
    ranked: Sequence[Said], values: dict[str, Any], origins: dict[str, tuple[str, int]]
) -> None:
    """Open or closed, as the latest run that changed a record's word on it says. The number that
    an establishment left when it moved is closed: that closes nothing at the present one."""
    telling = [said for said in ranked if said.present and said.data.get("open") is not None]
    if telling:
        latest = max(telling, key=lambda said: said.run_id)  # the most trusted of one run
        values["open"] = latest.data["open"]
        values["closed_on"] = _day(latest.data.get("closed_on"))
        origins["open"] = (latest.source, latest.run_id)


def _statuses(
    ranked: Sequence[Said],
) -> dict[tuple[str, str], tuple[date | None, date | None]]:
    held: dict[tuple[str, str], tuple[date | None, date | None]] = {}
    for record in ranked:
        for status in record.data["statuses"]:
            bounds = (_day(status.get("valid_from")), _day(status.get("valid_to")))
            held.setdefault((status["kind"], record.source), bounds)
    return held


def _activities(
    ranked: Sequence[Said], values: dict[str, Any]
) -> dict[str, tuple[str, str, float]]:
    known = taxonomy()
    found: dict[str, tuple[str, str, float]] = {}
    for record in ranked:
        for code in record.data.get("declared_activities", ()):
            if known.get(code):
                found.setdefault(code, ("declared", record.source, DECLARED_WEIGHT))
    name = f"{values['name'] or ''} {values['brand'] or ''}".strip()
    for guess in infer(name, values["naf"], values["description"]).values():
        _keep_heavier(found, guess.code, (guess.origin, guess.evidence, guess.weight))
    for record in ranked:
        for code, evidence, weight in record.data.get("won_activities", ()):
            _keep_heavier(found, code, ("won", evidence, weight))
    return found


def _keep_heavier(
    found: dict[str, tuple[str, str, float]], code: str, held: tuple[str, str, float]
) -> None:
    """Of several proofs of one activity the heaviest: a declared one weighs most."""
    kept = found.get(code)
    if taxonomy().get(code) and (kept is None or kept[2] < held[2]):
        found[code] = held


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
