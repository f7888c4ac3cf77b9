"""What a parameter is called here, told to who asks it by the name of other APIs. Pure."""

from collections.abc import Container, Iterable
from typing import Final

from search.filters import InputError

_OTHERS: Final = {
    "limit": ("per_page", "perpage", "page_size", "pagesize", "size", "count", "rows", "limits",
              "limite", "taille", "nombre"),
    "cursor": ("page", "pages", "offset", "start", "next", "curseur"),
    "fields": ("field", "select", "champs"),
    "q": ("query", "search", "text", "texte", "mots", "recherche"),
    "lieu": ("place", "location", "city", "ville", "commune"),
    "rayon": ("radius", "distance"),
    "tri": ("sort", "sort_by", "order", "order_by", "ordre"),
    "updated_since": ("since", "updated_after", "modified_since", "depuis"),
}  # fmt: skip
NEAR: Final = {other: name for name, others in _OTHERS.items() for other in others}
#: What the lists of a search take beside its filters.
OF_A_SEARCH: Final = ("limit", "cursor", "fields", "q", "lieu", "rayon", "tri")
NO_PAGE: Final = (
    "Les listes de l’API n’ont pas de pages : suivez l’adresse « next », qui porte « cursor »."
)


def near_names(names: Iterable[str], taken: Container[str]) -> list[InputError]:
    """What to ask in the place of names that are near those of parameters that are `taken` here."""
    found = ((name, NEAR.get(name.lower().replace("-", "_"), "")) for name in names)
    return [InputError(name, _said(name, right)) for name, right in found if right in taken]


def _said(name: str, right: str) -> str:
    return NO_PAGE if right == "cursor" else f"« {name} » n’existe pas ici : demandez « {right} »."
