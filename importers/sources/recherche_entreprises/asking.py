"""Asks the service about numbers, one request each, and gives what it answers.

A SIREN is answered with the head office alone, a SIRET with that establishment besides. Leaders
are never asked for (`minimal`, `include`): no natural person's data comes in.
"""

from collections.abc import Iterator, Sequence

from annuaire.structures.records import StructureRecord
from importers.files.fields import Warnings
from importers.http import Client, HttpStatus, OnlineError, WrongContent
from importers.rows import Answer, InvalidRow, Row, UnreadableFile, Warned
from importers.sources.recherche_entreprises.results import answer_of

SEARCH = "https://recherche-entreprises.api.gouv.fr/search"
_PARTS = {"minimal": "true", "include": "siege,complements,matching_etablissements"}
_REFUSED = 400  # « demande refusée »: the number, not the service, is at fault
MAX_BROKEN = 5  # unreadable answers in a row after which the service itself is


def ask_all(client: Client, numbers: Sequence[str]) -> Iterator[Row[Answer]]:
    """A row for each number asked about (a SIRET, « siren:… », « finess:… »), in order, from 1.

    Raises UnreadableFile when the service stops answering; the rows given before stand.
    """
    broken = 0
    for rank, number in enumerate(numbers, 1):
        warnings: Warnings = []
        try:
            answer = Answer(number, _ask(client, number, warnings))
        except InvalidRow as refusal:
            broken += 1
            if broken >= MAX_BROKEN:
                raise UnreadableFile(
                    f"{broken} réponses de suite sont illisibles, la demande s'arrête ; la "
                    f"dernière : {refusal.message}"
                ) from refusal
            yield Row(rank, refusal=refusal)
            continue
        broken = 0
        if answer.record is None and not warnings:
            message = f"« {number} » n'est pas connu de l'Annuaire des entreprises."
            warnings.append(Warned("q", "inconnu", message))
        yield Row(rank, answer, tuple(warnings))


def _ask(client: Client, number: str, warnings: Warnings) -> StructureRecord | None:
    """What the service says of a number; None when it does not know it, or refuses it (warned).

    Raises InvalidRow for what is no answer, UnreadableFile when asking more makes no sense.
    """
    kind, _, bare = number.rpartition(":")
    try:
        asked = {"id_finess" if kind == "finess" else "q": bare}
        return answer_of(number, client.get_json(SEARCH, {**asked, **_PARTS}), warnings)
    except WrongContent as error:
        raise InvalidRow("", "json", f"Réponse pour {number} : {error.message}") from error
    except HttpStatus as error:
        if error.status != _REFUSED:
            raise UnreadableFile(error.message) from error
        message = f"Le service refuse le numéro {number} ({error.status})."
        warnings.append(Warned("q", "refuse", message))
        return None
    except OnlineError as error:
        raise UnreadableFile(error.message) from error
