"""Up to four structures side by side: what a buyer weighs, and where they differ, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.places import Place
from annuaire.matching.queries import wins_by_structure
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_keys
from annuaire.takeaway.selection import distance_from
from annuaire.takeaway.structure_rows import origin_words, sources_of, validity
from annuaire.takeaway.tables import SourceRead
from annuaire.wording import date_fr, euros, km, pluriel, telephone

MOST: Final = 4  # more columns cannot be read at once
TOO_MANY: Final = (
    f"Une comparaison tient {MOST} structures au plus : les {MOST} premières sont montrées, les "
    "autres ne le sont pas ({})."
)
NOT_PUBLISHED: Final = "non publié"
SAME: Final = "pareil"
DIFFERENT: Final = "différent"


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion: for each structure what is known, as a list of sentences; `verdict` says in a
    word whether they differ, or is empty where that means nothing."""

    label: str
    cells: list[list[str]]
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Wins:
    """Lots known to be won: how many, the newest, amounts in € HT where published."""

    count: int = 0
    newest: date | None = None
    total_eur: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The structures in the order asked for, and the lines of the table."""

    structures: list[Structure]
    lines: list[Line]


def compare(
    session: Session,
    keys: Sequence[str],
    today: date,
    place: Place | None,
    sources: Sequence[SourceRead],
) -> Comparison:
    """Compare the first MOST of these structures; unknown keys are left out."""
    found = full_by_keys(session, keys[:MOST])
    won = {
        row.structure_id: Wins(row.lots, row.newest, row.total)
        for row in session.execute(wins_by_structure([s.id for s in found]))
    }
    read = {source.name: source for source in sources}
    lines = [
        _line("Statuts", found, lambda s: validity(s, today) or ["aucun statut en cours"]),
        *_activities(found),
        *([_distances(found, place)] if place else []),
        _line("Commune", found, lambda s: [s.city or "non précisée"]),
        _line("Effectif", found, lambda s: [s.employees_range or NOT_PUBLISHED]),
        _line("Lots gagnés repérés", found, lambda s: _won(won.get(s.id, Wins()))),
        Line("Contact", [_contact(s) for s in found]),
        Line("Sources et dernière lecture", [_freshness(s, read) for s in found]),
    ]
    return Comparison(found, lines)


def _line(label: str, found: Sequence[Structure], tell: Callable[[Structure], list[str]]) -> Line:
    cells = [tell(structure) for structure in found]
    return Line(label, cells, _verdict(cells))


def _verdict(cells: Sequence[list[str]]) -> str:
    if len(cells) < 2 or all(cell == [NOT_PUBLISHED] for cell in cells):
        return ""
    return SAME if all(cell == cells[0] for cell in cells) else DIFFERENT


def _activities(found: Sequence[Structure]) -> list[Line]:
    """What all do, then what each does besides; a guess says that it is one."""
    held = [{activity.code for activity in structure.activities} for structure in found]
    common = held[0].intersection(*held[1:]) if held else set[str]()
    shared = [_labels(structure, common) or ["aucune"] for structure in found]
    own = [
        _labels(structure, codes - common, _elsewhere(found, structure)) or ["aucune autre"]
        for structure, codes in zip(found, held, strict=True)
    ]
    if len(found) < 2:
        return [Line("Activités", [_labels(s, c) for s, c in zip(found, held, strict=True)])]
    return [
        Line("Activités communes à toutes", shared, SAME if common else "aucune en commun"),
        Line("Autres activités", own, _verdict(own)),
    ]


def _elsewhere(found: Sequence[Structure], but: Structure) -> dict[str, list[str]]:
    """Who else of those compared has an activity, by its code."""
    names: dict[str, list[str]] = {}
    for structure in found:
        for activity in structure.activities if structure is not but else ():
            names.setdefault(activity.code, []).append(structure.shown_name)
    return names


def _labels(
    structure: Structure, codes: set[str], elsewhere: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Some of its activities in words: a guess says so, and who else has it is named."""
    known, others = taxonomy(), elsewhere or {}
    said: list[str] = []
    for activity in structure.activities:
        if activity.code not in codes:
            continue
        words = known.label(activity.code)
        if activity.origin != "declared":
            words += f" ({origin_words(activity.origin)}, à vérifier)"
        if activity.code in others:
            words += f", aussi chez {', '.join(others[activity.code])}"
        said.append(words)
    return said


def _distances(found: Sequence[Structure], place: Place) -> Line:
    far = [distance_from(place, structure) for structure in found]
    shown = [km(distance) for distance in far]
    nearest = km(min((distance for distance in far if distance is not None), default=None))
    first = shown.count(nearest)  # « 3,5 km » twice: the page cannot tell one from the other
    said = " : la plus proche" if first == 1 else " : parmi les plus proches"
    if first == len(shown):
        said = ""
    cells = [
        [words + (said if words == nearest else "") if words else "position inconnue"]
        for words in shown
    ]
    return Line(f"Distance depuis {place.label}", cells, _verdict(cells))


def _won(wins: Wins) -> list[str]:
    if not wins.count:
        return ["aucun dans les avis lus"]
    said = [pluriel(wins.count, "lot")]
    if wins.newest:
        said.append(f"le dernier le {date_fr(wins.newest)}")
    if wins.total_eur:
        said.append(f"{euros(wins.total_eur)} HT publiés en tout")
    return said


def _contact(structure: Structure) -> list[str]:
    given = (telephone(structure.phone), structure.email, structure.website)
    return [value for value in given if value] or ["aucun publié"]


def _freshness(structure: Structure, read: dict[str, SourceRead]) -> list[str]:
    said: list[str] = []
    for name in sources_of(structure):
        source = read.get(name)
        when = date_fr(source.read_at) if source and source.read_at else "date inconnue"
        said.append(f"{source.title if source else name} : {when}")
    if structure.ended_on:
        said.insert(0, f"sortie des annuaires le {date_fr(structure.ended_on)}")
    return said
