"""A purchase plan from any list: which column says what, then line by line; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from annuaire.errors import InvalidInputError
from annuaire.plans import values
from annuaire.plans.values import RefusedCellError
from annuaire.wording import nombre
from annuaire.words import fold

MAX_LINES: Final = 5_000
HEADER_WITHIN: Final = 30  # lines among which the headings are sought

#: Headings by what they hold, folded; the first words of a heading are enough.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "objet": ("objet", "intitule", "libelle", "designation", "besoin", "description",
              "prestation", "achat"),
    "cpv": ("code cpv", "cpv"),
    "montant": ("montant", "estimation", "budget", "valeur estimee", "cout", "enveloppe"),
    "lieu": ("lieu", "commune", "ville", "site", "localisation", "code postal", "departement"),
    "date": ("date", "lancement", "trimestre", "calendrier", "echeance", "mois de", "annee"),
    "nature": ("nature", "type de marche", "type d'achat", "categorie", "type"),
    "duree": ("duree",),
    "reserve": ("reserve", "reservation"),
}  # fmt: skip

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line was refused: the field at fault and the French reason."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a plan: its number in the file, what it says (amount in € HT, months), and what is
    refused of it; a refused line is not matched."""

    number: int
    what: str
    cpv: str | None = None
    amount_eur: float | None = None
    place: str | None = None
    on: date | None = None
    nature: str | None = None
    months: float | None = None
    reserved: str | None = None
    refusals: tuple[Refusal, ...] = field(default=())


def plan_lines(grids: Sequence[Rows]) -> list[PlanLine]:
    """The lines of the reading that has most headings.

    Empty lines, those that repeat one text over all columns (a merged title) and those that repeat
    the headings (on each page, or under merged ones) are no lines. Raises InvalidInputError for a
    list without headings, without lines, or with more than MAX_LINES.
    """
    best: tuple[tuple[int, int], Rows, int, dict[str, int]] | None = None
    for rows in grids:
        for at, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
            columns = _columns(cells)
            rank = (len(columns), len(rows) - at)
            if "objet" in columns and (best is None or rank > best[0]):
                best = (rank, rows, at, columns)
    if best is None:
        raise InvalidInputError(
            "Aucune colonne « objet » (ou « intitulé », « libellé », « besoin ») n'a été trouvée "
            "dans les trente premières lignes : nommez les colonnes sur la première.",
            "fichier",
        )
    _, rows, at, columns = best
    heading = fold(rows[at][1][columns["objet"]])
    found = [
        _line(number, cells, columns)
        for number, cells in rows[at + 1 :]
        if _is_line(cells) and not _repeats(cells, columns["objet"], heading)
    ]
    if not found:
        raise InvalidInputError(
            "Le plan est vide : aucune ligne ne suit les noms de colonnes.", "fichier"
        )
    if len(found) > MAX_LINES:
        raise InvalidInputError(
            f"Le plan a {nombre(len(found))} lignes, et {nombre(MAX_LINES)} sont lues au plus : "
            "rien n'a été lu. Envoyez-le en plusieurs fois.",
            "fichier",
        )
    return found


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Which column holds each field: the heading that says it best, the first of equals."""
    found: dict[str, tuple[int, int]] = {}
    taken: set[int] = set()
    for name, aliases in HEADINGS.items():
        for rank, alias in enumerate(aliases):
            for place, cell in enumerate(cells):
                said = fold(cell).strip(" :*")
                exact = said == alias
                if place in taken or not (exact or said.startswith((f"{alias} ", f"{alias}s"))):
                    continue
                score = (0 if exact else 1) * len(aliases) + rank
                if name not in found or score < found[name][0]:
                    found[name] = (score, place)
        if name in found:
            taken.add(found[name][1])
    return {name: place for name, (_, place) in found.items()}


def _is_line(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and not (len(filled) > 2 and len(set(filled)) == 1)


def _repeats(cells: Sequence[str], place: int, heading: str) -> bool:
    return place < len(cells) and fold(cells[place]) == heading


#: The value of each field of a line, by its column's name.
READ: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "objet": ("what", values.objet),
    "montant": ("amount_eur", values.montant),
    "date": ("on", values.jour),
    "nature": ("nature", values.nature),
    "duree": ("months", values.mois),
    "reserve": ("reserved", values.reserve),
}


def _line(number: int, cells: Sequence[str], columns: Mapping[str, int]) -> PlanLine:
    texts = {
        name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()
    }
    kept: dict[str, Any] = {"what": texts["objet"][: values.MAX_OBJECT]}
    refusals: list[Refusal] = []
    for name, (attribute, read) in READ.items():
        if not texts.get(name) and name != "objet":
            continue
        try:
            kept[attribute] = read(texts[name])
        except RefusedCellError as error:
            refusals.append(Refusal(name, str(error)))
    return PlanLine(
        number,
        cpv=_whole(texts.get("cpv", "")[:40], 8) or None,
        place=_whole(texts.get("lieu", "")[:100], 5) or None,
        refusals=tuple(refusals),
        **kept,
    )


def _whole(text: str, digits: int) -> str:
    """A code whose first zero a spreadsheet took for nothing."""
    lost = text.isascii() and text.isdigit() and len(text) == digits - 1
    return f"0{text}" if lost else text
