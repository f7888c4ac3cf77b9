"""`annuaire tend`: what time does, by a timer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.claims import service
from annuaire.claims.service import Wanted
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.workspace import seeing
from tests.factories.accounts import make_user
from tests.factories.claims import KEYS, SITE, add_claimed, letters, state_of, structure_id
from tests.factories.commands import Run, last_json


def test_tend_ends_claims_and_counts_sightings(
    run: Run, session: Session, settings: Settings
) -> None:
    add_claimed(session)
    before = datetime.now(UTC) - timedelta(days=8)
    user_id = make_user(session)
    with writing(session):
        user = session.get_one(User, user_id)
        claim = service.start(
            session, structure_id(session), user, Wanted("email"), SITE, before
        ).id
    letters(session)
    seeing.note(settings.data_dir, "p", [KEYS[0]] * 3, before)
    expected = {"claims_ended": 1, "sightings": 3, "erased": 0, "removals": 0}
    assert last_json(run("tend", "--json")) == expected
    assert state_of(session, claim) == "expired"
    ((_, subject),) = letters(session)
    assert subject.endswith("a expiré")
    assert "0 rattachements échus, 0 vues" in run("tend").stdout
