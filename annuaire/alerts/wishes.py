"""What somebody asks to be told, and when: read from a form or a link, checked as its page is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.alerts.asking import (
    CONTRACTS,
    MAX_QUERY,
    OPPORTUNITIES,
    PAGE_ALONE,
    STRUCTURE,
    STRUCTURES,
    name_of,
    query_string,
    read_query,
    search_of,
    sentences,
)
from annuaire.alerts.reminders import DAYS as REMINDERS
from annuaire.alerts.rhythm import DAILY, RHYTHMS
from annuaire.errors import NotFoundError
from annuaire.geo.free_address import Finder
from annuaire.matching.opportunities import DEFAULT_KM, LEAST_POINTS, Wanted
from annuaire.structures.service import by_siret
from search.engine import Engine
from search.filters import InputError

#: Kinds of alert as addresses and forms name them.
SORTS: Final = {
    "marches": CONTRACTS, "pour-nous": OPPORTUNITIES, "structures": STRUCTURES,
    "structure": STRUCTURE,
}  # fmt: skip
#: What a search without criteria is called.
ALL: Final = {CONTRACTS: "Tous les marchés", STRUCTURES: "Toutes les structures"}
DISTANCES: Final = (25, 50, 100, 150)
POINTS: Final = (35, 50, 65)
MAX_TITLE: Final = 180
HOUR: Final = 8
UNKNOWN: Final = "Cette sorte d’alerte n’existe pas."


@dataclass(frozen=True, slots=True)
class Wish:
    """What is awaited (AlertSubscription); `said` are its criteria in words."""

    kind: str
    title: str
    query: str = ""
    structure_key: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """When it is told."""

    rhythm: str = DAILY
    hour: int = HOUR
    weekday: int = 0
    reminder_days: int | None = None


Given = Mapping[str, str]


def read_wish(
    session: Session, engine: Engine, find: Finder, given: Given
) -> tuple[Wish | None, list[InputError]]:
    """What is awaited; None with the reasons when it cannot be. Raises EngineUnavailable."""
    kind = SORTS.get(given.get("sorte", ""))
    if kind is None:
        return None, [InputError("sorte", UNKNOWN)]
    if kind in ALL:
        return _of_search(kind, given.get("recherche", ""), engine, find)
    try:
        structure = by_siret(session, given.get("structure", ""))
    except NotFoundError as error:
        return None, [InputError("structure", error.message)]
    name = structure.shown_name
    if kind == STRUCTURE:
        return Wish(kind, _cut(f"Page de {name}"), structure_key=structure.key), []
    wanted = Wanted(
        within_km=float(_among(given, "distance", DISTANCES, round(DEFAULT_KM))),
        clauses_only=given.get("clauses") == "oui",
        least=float(_among(given, "points", POINTS, round(LEAST_POINTS))),
    )
    said = (
        f"Structure : {name}",
        f"À {wanted.within_km:.0f} km au plus",
        *(["Avec une clause sociale"] if wanted.clauses_only else []),
        f"À partir de {wanted.least:.0f} points sur 100",
    )
    options = {
        "within_km": wanted.within_km, "clauses_only": wanted.clauses_only, "least": wanted.least,
    }  # fmt: skip
    title = _cut(f"Marchés pour {name}")
    return Wish(kind, title, structure_key=structure.key, options=options, said=said), []


def _of_search(
    kind: str, typed: str, engine: Engine, find: Finder
) -> tuple[Wish | None, list[InputError]]:
    if len(typed) > MAX_QUERY:
        return None, [
            InputError("recherche", "Cette recherche est trop longue : raccourcissez-la.")
        ]
    values = {key: given for key, given in read_query(typed).items() if key not in PAGE_ALONE}
    search = search_of(kind, values, engine, find)
    if search.errors:
        return None, [InputError("recherche", error.message) for error in search.errors]
    said = tuple(sentences(search))
    place = search.place
    if place is not None and place.kind == "address":
        # An address was looked up once: its point is kept, and no job asks for it again.
        values["lieu"] = [f"point:{place.lat:.4f},{place.lon:.4f}"]
    return Wish(kind, _cut(name_of(search) or ALL[kind]), query=query_string(values), said=said), []


def _among(given: Given, name: str, allowed: tuple[int, ...], default: int) -> int:
    typed = given.get(name, "")
    return next((value for value in allowed if str(value) == typed), default)


def _cut(title: str) -> str:
    return title if len(title) <= MAX_TITLE else f"{title[:MAX_TITLE].rstrip()}…"


def read_when(given: Given) -> tuple[When, list[InputError]]:
    """When it is told; what is not answered has its usual value."""
    errors: list[InputError] = []
    when = When()
    rhythm = given.get("rythme") or when.rhythm
    if rhythm not in RHYTHMS:
        errors.append(InputError("rythme", "Choisissez un des rythmes proposés."))
        rhythm = when.rhythm
    hour = _whole(given, "heure", range(24), HOUR, errors, "une heure de 0 à 23")
    weekday = _whole(given, "jour", range(7), 0, errors, "un jour de la semaine")
    days = _whole(given, "rappel", (0, *REMINDERS), 0, errors, "un des délais proposés")
    return replace(
        when, rhythm=rhythm, hour=hour, weekday=weekday, reminder_days=days or None
    ), errors


def _whole(
    given: Given,
    name: str,
    allowed: range | tuple[int, ...],
    default: int,
    errors: list[InputError],
    expected: str,
) -> int:
    typed = given.get(name, "").strip()
    if not typed:
        return default
    if typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed) in allowed:
        return int(typed)
    errors.append(InputError(name, f"« {typed[:20]} » n’est pas {expected}."))
    return default
