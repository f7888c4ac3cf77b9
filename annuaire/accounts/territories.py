"""The territories of facilitators, named as the rest of the site names places; pure.

Kept as the code of a département (« 59 »), or as the token of an intercommunalité or of a région
(« epci:200093201 », « region:32 »): each is also what a search of contracts takes as its place.
"""

from typing import Final

from annuaire.errors import InvalidInputError
from annuaire.geo.free_address import find_place
from annuaire.geo.places import locate

MOST: Final = 10  # of an account
KINDS: Final = frozenset({"epci", "departement", "region"})


def read_territories(text: str) -> list[str]:
    """The codes of what was typed, one a line, each once. Raises InvalidInputError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise _refused("Donnez au moins un territoire.")
    if len(lines) > MOST:
        raise _refused(f"{len(lines)} territoires : {MOST} au plus.")
    return list(dict.fromkeys(map(_code, lines)))


def _code(line: str) -> str:
    located = find_place(line)
    place = located.place if located else None
    if place is None:
        raise _refused(
            f"« {line[:60]} » : aucun territoire de ce nom. Donnez une intercommunalité par son "
            "nom entier, un département par son nom ou son numéro, ou une région."
        )
    if place.kind not in KINDS:
        raise _refused(
            f"« {line[:60]} » n’est ni une intercommunalité, ni un département, ni une région. "
            "Un département se donne aussi par son numéro."
        )
    return place.code if place.kind == "departement" else place.token


def _refused(message: str) -> InvalidInputError:
    return InvalidInputError(message, "territoire")


def territory_label(code: str) -> str:
    """« Nord (59) », « Hauts-de-France (région) »; the code of what exists no more."""
    place = locate(code)
    return place.label if place else code
