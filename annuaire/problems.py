"""What a program is told when it cannot be answered: problem details, by RFC 9457."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

MEDIA_TYPE: Final = "application/problem+json"
#: Addresses that answer programs: their errors are problem details, never a page.
PREFIXES: Final = ("/api/", "/flux/", "/health")
TITLES: Final = {
    400: "Demande incorrecte",
    401: "Connexion nécessaire",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Action non acceptée",
    406: "Format non proposé",
    410: "Retiré",
    413: "Trop lourd",
    414: "Adresse trop longue",
    415: "Format non lu",
    422: "Champs incorrects",
    429: "Trop de demandes",
    500: "Erreur de notre côté",
    503: "Service momentanément arrêté",
}
DETAILS: Final = {
    406: "Aucun des formats de l’en-tête Accept n’est proposé à cette adresse.",
    415: "Le corps doit être du JSON, annoncé par « Content-Type: application/json ».",
}


def answers_programs(path: str) -> bool:
    """Whether what is asked at an address is asked by a program."""
    return path.startswith(PREFIXES)


def problem(
    status: int, detail: str, errors: Iterable[Mapping[str, str]] = (), type_: str | None = None
) -> dict[str, Any]:
    """The members of RFC 9457 (3.1), in French; `errors` says field by field what is wrong.

    Without a type of its own a problem is « about:blank »: its status says all.
    """
    found: dict[str, Any] = {
        "type": type_ or "about:blank",
        "title": TITLES.get(status, TITLES[400 if status < 500 else 500]),
        "status": status,
        "detail": detail,
    }
    told = [dict(error) for error in errors]
    return found | {"errors": told} if told else found
