"""After something changed: award notices tied to structures, and the index brought up to date."""

from datetime import date

from annuaire import outbox
from annuaire.cli.output import progress
from annuaire.contracts.awarding import match_awards
from annuaire.extensions import engine, session
from annuaire.matching.linking import link_awards
from search.engine import EngineUnavailable
from search.indexing import drain


def settle_or_say_why() -> str | None:
    """Settle; when the search is away, why, in French."""
    try:
        settle()
    except EngineUnavailable as error:
        return str(error)
    return None


def settle() -> None:
    """After files were read: tie award notices to structures, and bring the index up to date.

    Waiting lines say that something changed, here or in an import that was killed before this.
    """
    with progress("Rapprochement des données essentielles et des avis") as on_buyer:
        match_awards(session(), on_buyer)
    if outbox.waiting(session()):
        with progress("Rapprochement des attributions") as on_batch:
            link_awards(session(), on_batch)
    update_index()


def update_index() -> int:
    """Drain the lines that wait for the search index, with a bar."""
    with progress("Mise à jour de l'index") as on_batch:
        today = date.today()  # noqa: DTZ011 - local day
        return drain(session(), engine(), today, on_batch)
