"""What is said before a list that leaves the site: the search in words, when, how many."""

from collections.abc import Sequence
from datetime import date, datetime

from annuaire.geo.typed_point import in_words as point_words
from annuaire.takeaway.finding import MAX_ROWS
from annuaire.takeaway.tables import Cover, SourceRead
from annuaire.wording import NBSP, THIN, nombre
from search.filters import Search

GUESSES = (
    "Les activités déduites viennent du code NAF ou du nom : elles sont à vérifier auprès de la "
    "structure. Une distance est à vol d’oiseau, parfois depuis le centre de la commune."
)
CLAUSES = (
    "Les clauses sont repérées par des règles dans le texte des avis : « non » veut dire que rien "
    "n’a été repéré. L’avis officiel fait foi. Un montant est la somme des montants publiés des "
    "lots, sans ceux qui sont invraisemblables ; vide, il n’est pas publié. Un point est le centre "
    "de la commune, ou du département."
)
SAMPLES = (
    "Ce site montre aussi des données d’exemple : les structures dont la source est « Données "
    "d’exemple » et leurs marchés sont inventés."
)
SORTS = {
    "relevance": "par pertinence, l’ordre des réponses égales tournant chaque jour",
    "distance": "de la plus proche à la plus lointaine",
    "name": "par nom",
    "newest": "de la plus récente à la plus ancienne",
    "deadline": "de l’échéance la plus ancienne à la plus lointaine",
    "hours": "du plus grand nombre d’heures d’insertion au plus petit",
}


def in_words(asked: Search) -> list[tuple[str, str]]:
    """The criteria of a search, one line each."""
    lines: list[tuple[str, str]] = []
    if asked.text.strip():
        lines.append(("Mots cherchés", asked.text.strip()))
    if asked.place:
        radius = asked.radius_km
        point = asked.place.kind == "point"
        label = f"la {point_words(asked.place)}" if point else asked.place.label
        lines.append(("Lieu", label if radius is None else f"à {radius:g} km de {label}"))
    lines += [(chosen.kind.name, chosen.label) for chosen in asked.chosen]
    if not lines:
        lines.append(("Critères", "aucun : toute la liste"))
    near = asked.place is not None and asked.place.lat is not None
    lines.append(("Ordre", SORTS[asked.sort if asked.sort != "distance" or near else "relevance"]))
    return lines


def search_cover(
    title: str,
    asked: Search,
    total: int,
    made_at: datetime,
    address: str,
    sources: Sequence[SourceRead],
    notes: Sequence[str],
) -> Cover:
    """The cover of a search; `address` leads back to it."""
    written = min(total, MAX_ROWS)
    count = _bare(nombre(total))
    if written < total:
        count += f" ; les {_bare(nombre(written))} premières sont dans ce fichier"
    lines = [*in_words(asked), ("Réponses", count), ("Adresse de la recherche", address)]
    return Cover(title, made_at, tuple(lines), tuple(sources), tuple(notes))


def selection_cover(
    count: int,
    place: str | None,
    made_at: datetime,
    address: str,
    sources: Sequence[SourceRead],
    notes: Sequence[str],
) -> Cover:
    """The cover of a selection made by hand."""
    lines = [("Critères", "structures choisies une à une"), ("Structures", str(count))]
    if place:
        lines.append(("Distances depuis", place))
    lines.append(("Adresse de la sélection", address))
    title = "Sélection de structures inclusives"
    return Cover(title, made_at, tuple(lines), tuple(sources), tuple(notes))


def file_name(stem: str, day: date, ending: str) -> str:
    """« annuaire-structures-2026-11-28.csv »."""
    return f"annuaire-{stem}-{day.isoformat()}.{ending}"


def _bare(text: str) -> str:
    """With ordinary spaces, as files are searched with."""
    return text.replace(THIN, " ").replace(NBSP, " ")
