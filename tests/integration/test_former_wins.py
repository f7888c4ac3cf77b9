"""Which former lots a need may learn from."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from annuaire.matching.former import wins_before
from annuaire.matching.models import Win
from annuaire.structures.models import Structure

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 5)


@pytest.fixture
def winners(session: Session) -> list[int]:
    """Ten structures, one of them gone, that won four lots each in two départements."""
    draw = Random(7)  # noqa: S311 - drawn for a test
    made = [
        Structure(key=f"{10**13 + n}", siret=f"{10**13 + n}", name=f"Essai {n}", origins={},
                  created_at=NOW, updated_at=NOW, ended_on=date(2025, 1, 1) if n == 9 else None)
        for n in range(10)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for structure in made:
        for lot in range(4):
            session.add(
                Win(structure_id=structure.id, lot_reference=f"essai-{structure.id}#{lot}",
                    won_on=DAY - timedelta(days=draw.randrange(0, 12)), title="Nettoyage",
                    activities=draw.choice((["nettoyage-locaux"], [])),
                    buyer_key=f"ville|{draw.choice('ab')}", buyer_name="Ville",
                    departement=draw.choice(("59", "62")), evidence="ESSAI")
            )  # fmt: skip
    session.flush()
    return [structure.id for structure in made]


@pytest.mark.parametrize("limit", [3, 8, 200])
def test_lots_of_some_structures_are_those_among_all_that_are_theirs(
    session: Session, winners: list[int], limit: int
) -> None:
    theirs, where = winners[:4], ("59", "62")
    every = wins_before(session, theirs, DAY, limit, departements=where, buyer_key="ville|a")
    only = wins_before(
        session, theirs, DAY, limit, departements=where, buyer_key="ville|a", only_theirs=True
    )
    assert only == [former for former in every if former.structure_id in theirs]
    days = [former.won.on for former in every]
    assert days == sorted(days, reverse=True)
    assert len(every) <= limit
    assert {former.structure_id for former in every} <= set(winners[:9])
    assert all(day < DAY for day in days)
