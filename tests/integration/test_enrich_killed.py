"""Killed at any point and run again, `annuaire enrich` has asked everything and lost nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.structures.models import Enquiry, SourceRecord, Structure
from tests.factories import published
from tests.factories.commands import Run
from tests.factories.files import siae, write_csv
from tests.factories.forked import Forked
from tests.factories.publisher import Asked, Publisher, Reply, publishing
from tests.factories.services import SEARCH, SearchService, company, office

STRUCTURES = 130
SIRETS = [siae(number)["siret"] for number in range(1, STRUCTURES + 1)]


class Killing(SearchService):
    """The search service, whose asker dies on the spot when it asks for the n-th time."""

    def __init__(self) -> None:
        super().__init__(*(company(office(siret)) for siret in SIRETS))
        self.at: int | None = None
        self.asker: Forked | None = None

    def __call__(self, asked: Asked) -> Reply:
        reply = super().__call__(asked)
        if self.at is not None and len(self.asked) >= self.at and self.asker:
            self.asker.send_signal(signal.SIGKILL)
            self.asker.wait()
        return reply


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("recherche-entreprises.api.gouv.fr") as one:
        yield one


def enrich(publisher: Publisher, service: Killing, settings: Settings) -> int:
    """The command in a process of its own; its exit status."""
    authority = settings.data_dir / "authority.pem"
    authority.write_bytes(publisher.authority)
    told = {
        "ANNUAIRE_DATA_DIR": str(settings.data_dir),
        "ANNUAIRE_DATABASE_URL": settings.database_url,
        "ANNUAIRE_SECRET_KEY": settings.secret_key,
    }
    words = [str(publisher.server_port), str(authority), "enrich"]
    service.asker = Forked(published.run, words, told)
    return service.asker.wait()


def state(session: Session) -> dict[str, Any]:
    """All that a clean run would have left, but for its dates."""
    session.rollback()
    found = {
        "asked": dict(session.execute(select(Enquiry.number, Enquiry.known)).all()),
        "told": {
            row.source_key: row.data
            for row in session.execute(
                select(SourceRecord.source_key, SourceRecord.data).where(
                    SourceRecord.source == "recherche_entreprises"
                )
            )
        },
        "brands": dict(session.execute(select(Structure.key, Structure.brand)).all()),
    }
    session.rollback()
    return found


@pytest.mark.parametrize("at", [1, 51, 129])
def test_killed_and_run_again_is_as_one_clean_run(
    at: int,
    run: Run,
    session: Session,
    settings: Settings,
    publisher: Publisher,
    tmp_path: Path,
) -> None:
    run(
        "import", "siae",
        write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, STRUCTURES + 1)]),
    )  # fmt: skip
    service = Killing()
    publisher.answering(SEARCH, service)
    service.at = at
    assert enrich(publisher, service, settings) == -signal.SIGKILL
    kept = len(state(session)["asked"])
    assert kept == at - 1 - (at - 1) % 50  # whole batches
    service.at = None
    asked = len(service.asked)
    assert enrich(publisher, service, settings) == 0
    assert len(service.asked) == asked + STRUCTURES - kept
    found = state(session)
    assert found["asked"] == dict.fromkeys(SIRETS, True)
    assert set(found["told"]) == set(SIRETS)
    assert set(found["brands"].values()) == {"ATELIER DU SPECIMEN"}
