"""One name for a buyer, however its notices write it."""

import re

from annuaire.geo.departements import departement_of_postcode
from annuaire.words import fold

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_OF = r"s? (?:de la |de l |de |du |des |d )?"
_SAME = tuple(
    (re.compile(rf"\b(?:{names}){_OF}"), f"{one} ")
    for names, one in (
        ("ville|commune|mairie", "commune"),
        ("conseil departemental|conseil general|departement", "departement"),
        ("conseil regional|region", "region"),
        ("communaute d agglomeration|cte d agglomeration|agglomeration|ca", "agglomeration"),
        ("communaute de communes|comcom|cc", "intercommunalite"),
    )
)
_ITSELF = re.compile(r"\(\s*mairie\s*\)")  # Sirene: « COMMUNE DE MILLAU (MAIRIE) »
_ARTICLES = frozenset({"la", "le", "les", "l", "de", "du", "des", "d", "et"})


def buyer_identity(name: str, postcode: str | None = None, departement: str | None = None) -> str:
    """« Ville de Millau », « COMMUNE DE MILLAU » and « Mairie de Millau » in one département are
    one buyer: « commune millau|12 ». A name is never followed into another département."""
    key = _NOT_WORD.sub(" ", _ITSELF.sub(" ", fold(name))).strip()
    for pattern, instead in _SAME:
        key = pattern.sub(instead, key)
    where = (departement_of_postcode(postcode) if postcode else None) or departement or ""
    kept = [word for word in key.split() if word not in _ARTICLES]
    return f"{' '.join(kept)}|{where}"
