"""The visitor's selection, in their session: the cookie that this site signs."""

from collections.abc import Sequence
from typing import Final

from flask import request
from flask import session as cookie

from annuaire.errors import InvalidInputError
from annuaire.geo.places import Place, locate

NAME: Final = "selection"


def selected() -> list[str]:
    """The keys chosen by this visitor, in their order."""
    kept = cookie.get(NAME)
    return [key for key in kept if isinstance(key, str)] if isinstance(kept, list) else []


def keep(keys: Sequence[str]) -> None:
    """Keep a selection for a month, whatever the visitor closes meanwhile."""
    if keys:
        cookie[NAME] = list(keys)
        cookie.permanent = True
    else:
        cookie.pop(NAME, None)


def local_path(text: str, otherwise: str) -> str:
    """`text` when it is an address of this site (path and query), else `otherwise`: a form that
    says where to go back to must not lead anywhere else."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if safe and len(text) < 4_000 and "\\" not in text else otherwise


def asked_place() -> Place | None:
    """The place from which distances are wanted (`lieu`). Raises InvalidInputError."""
    text = request.args.get("lieu", "").strip()
    if not text:
        return None
    place = locate(text[:100])
    if place is None or place.lat is None:
        raise InvalidInputError(
            f"Lieu inconnu : « {text[:60]} ». Essayez un nom de commune ou un code postal.", "lieu"
        )
    return place
