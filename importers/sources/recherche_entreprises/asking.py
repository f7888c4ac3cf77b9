"""Asks the service about numbers, one request each, and gives what it answers.

A SIREN is answered with the head office alone, a SIRET with that establishment besides. Leaders
are never asked for (`minimal`, `include`): no natural person's data comes in.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from importers.files.fields import Warnings
from importers.http import Client, HttpStatus, OnlineError, WrongContent
from importers.rows import Answer, InvalidRow, Row, UnreadableFile, Warned
from importers.sources.recherche_entreprises.results import answer_of

SEARCH = "https://recherche-entreprises.api.gouv.fr/search"
_PARTS = {"minimal": "true", "include": "siege,complements,matching_etablissements"}
_REFUSED = 400  # « demande refusée »: the number, not the service, is at fault
MAX_BROKEN = 5  # unreadable answers in a row after which the service itself is


def ask_all(client: Client, numbers: Sequence[str]) -> Iterator[Row[Answer]]:
    """A row for each SIRET, SIREN or FINESS number asked about, in order; rows count from 1.

    Raises UnreadableFile when the service stops answering; the rows given before stand.
    """
    broken = 0
    for rank, number in enumerate(numbers, 1):
        warnings: Warnings = []
        try:
            data = _ask(client, number)
            record = answer_of(number, data, warnings) if data is not None else None
        except InvalidRow as refusal:
            broken += 1
            if broken >= MAX_BROKEN:
                raise UnreadableFile(
                    f"{broken} réponses de suite sont illisibles, la demande s'arrête : "
                    f"{refusal.message}"
                ) from refusal
            yield Row(rank, refusal=refusal)
            continue
        broken = 0
        if record is None and not warnings:
            message = f"Le numéro {number} n'est pas connu de l'Annuaire des entreprises."
            warnings.append(Warned("q", "inconnu", message))
        yield Row(rank, Answer(number, record), tuple(warnings))


def _ask(client: Client, number: str) -> Any:
    """The answer, None when the number is refused. Raises InvalidRow for what is no JSON, and
    UnreadableFile when no further question makes sense."""
    asked = {"id_finess": number} if is_finess(number) else {"q": number}
    try:
        return client.get_json(SEARCH, {**asked, **_PARTS})
    except WrongContent as error:
        raise InvalidRow("", "json", f"Réponse pour {number} : {error.message}") from error
    except HttpStatus as error:
        if error.status == _REFUSED:
            return None
        raise UnreadableFile(error.message) from error
    except OnlineError as error:
        raise UnreadableFile(error.message) from error


def is_finess(number: str) -> bool:
    """Whether a number of 9 characters is that of a FINESS establishment."""
    return number.startswith("finess:")
