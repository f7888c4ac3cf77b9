"""A plan and its answers as rows of a file, one line each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from annuaire.plans.answering import BEST, DEPTH_KM
from annuaire.takeaway.tables import Cell, Column, Cover, Row

REFUSED, WAITING, DONE = "refusée", "en attente", "traitée"

_STRUCTURE: Final = (
    ("name", "Structure {}", 34), ("siret", "SIRET {}", 17), ("city", "Ville {}", 20),
    ("distance_km", "Distance {} (km)", 12), ("score_label", "Appréciation {}", 20),
    ("reasons", "Raisons {}", 60), ("cautions", "À vérifier {}", 50),
)  # fmt: skip

COLUMNS: Final = (
    Column("line", "Ligne", 8),
    Column("what", "Objet", 50),
    Column("place", "Lieu retenu", 20),
    Column("amount", "Montant (€ HT)", 14),
    Column("date", "Date", 12),
    Column("state", "État", 12),
    Column("field", "Champ refusé", 14),
    Column("why", "Raison du refus", 50),
    Column("activity", "Activité reconnue", 34),
    Column("depth", f"Structures de l'activité à {DEPTH_KM} km", 14),
    Column("verdict", "Ce que l'offre permet", 24),
    *(
        Column(f"{key}_{rank}", heading.format(rank), width)
        for rank in range(1, BEST + 1)
        for key, heading, width in _STRUCTURE
    ),
    Column("group", "Groupement possible", 60),
    Column("gaps", "Sans structure connue", 40),
    Column("route", "Procédure possible", 40),
    Column("articles", "Articles", 20),
    Column("assumptions", "Ce qui a été supposé", 60),
)


NOTES: Final = (
    "Propositions calculées, à vérifier : elles ne dispensent ni de vérifier la capacité des "
    "structures, ni de varier les fournisseurs (R2122-8).",
    "Les procédures citées le sont à la date de chaque ligne ; elles ne valent pas conseil "
    "juridique.",
)


def plan_cover(
    name: str,
    made_at: datetime,
    lines: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]],
    place: str | None,
    buyer: str | None,
) -> Cover:
    """What is said before the lines of a plan."""
    states = Counter(state_of(given, answer) for given, answer in lines)
    told = [("Fichier", name), ("Lignes", str(len(lines)))]
    told += [(f"Lignes {state}s", str(states[state])) for state in (DONE, REFUSED) if states[state]]
    told += [("Lieu des lignes sans lieu", place)] if place else []
    told += [("Acheteur", buyer)] if buyer else []
    return Cover("Analyse d'un plan d'achat", made_at, tuple(told), notes=NOTES)


def rows(lines: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> Iterator[Row]:
    """The rows of lines (as `answering.as_values`) with their answers."""
    for given, answer in lines:
        yield Row((*_asked(given, answer), *_found(answer or {})))


def state_of(given: Mapping[str, Any], answer: Mapping[str, Any] | None) -> str:
    """Where a line stands, in a word."""
    if given["refusals"]:
        return REFUSED
    return WAITING if answer is None else DONE


def _asked(given: Mapping[str, Any], answer: Mapping[str, Any] | None) -> tuple[Cell, ...]:
    refusals = given["refusals"]
    return (
        given["number"],
        given["what"],
        (answer or {}).get("place") or given["place"],
        given["amount_eur"],
        date.fromisoformat(given["on"]) if given["on"] else None,
        state_of(given, answer),
        ", ".join(r["field"] for r in refusals) or None,
        " ".join(r["reason"] for r in refusals) or None,
    )


def _found(answer: Mapping[str, Any]) -> tuple[Cell, ...]:
    best = answer.get("best", ())
    cells: list[Cell] = [answer.get("activity"), answer.get("depth"), answer.get("verdict")]
    for rank in range(BEST):
        found = best[rank] if rank < len(best) else {}
        cells += [_cell(found.get(key)) for key, _, _ in _STRUCTURE]
    cells += [_cell(answer.get(key)) for key in ("groups", "gaps", "route", "articles")]
    return (*cells, _cell(answer.get("assumptions")))


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return " ".join(value) or None
    return value  # type: ignore[no-any-return]  # a JSON value: text, number or None
