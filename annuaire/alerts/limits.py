"""How many alerts may be asked for: nobody is to be buried under letters that they did not ask."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.alerts.models import AlertSubscription
from annuaire.errors import InvalidInputError

MOST_OF_ADDRESS: Final = 50
MOST_UNCONFIRMED: Final = 5  # of one address at a time
MOST_FROM_VISITOR: Final = 20  # in an hour
MOST_IN_ALL: Final = 500  # unconfirmed ones in an hour
HOUR: Final = timedelta(hours=1)


def visitor_key(secret: str, network_address: str) -> str:
    """What stands for a visitor for a day: their network address cannot be read in it."""
    return hmac.new(secret.encode(), network_address.encode(), hashlib.sha256).hexdigest()[:32]


def check(session: Session, address: str, asked_from: str, now: datetime) -> None:
    """Whether one more may be asked for. Raises InvalidInputError, which says what to do."""
    table = AlertSubscription
    mine = select(func.count(), func.count().filter(table.state == "pending")).where(
        table.address == address
    )
    all_mine, unconfirmed = session.execute(mine).one()
    if all_mine >= MOST_OF_ADDRESS:
        raise InvalidInputError(
            f"Cette adresse a déjà {MOST_OF_ADDRESS} alertes, le plus qu’elle puisse avoir : "
            "arrêtez-en une, ou élargissez une recherche. Celle-ci n’est pas créée.",
            "courriel",
        )
    if unconfirmed >= MOST_UNCONFIRMED:
        raise InvalidInputError(
            f"{MOST_UNCONFIRMED} alertes attendent déjà d’être confirmées par cette adresse : "
            "confirmez-les depuis les courriels reçus. Celle-ci n’est pas créée.",
            "courriel",
        )
    lately = table.created_at >= now - HOUR
    from_visitor = select(func.count()).where(table.asked_from == asked_from, lately)
    if (session.scalar(from_visitor) or 0) >= MOST_FROM_VISITOR:
        raise InvalidInputError(
            f"{MOST_FROM_VISITOR} alertes ont été demandées depuis cette connexion en une heure : "
            "attendez avant d’en demander une autre. Les précédentes sont gardées.",
            "courriel",
        )
    in_all = select(func.count()).where(table.state == "pending", lately)
    if (session.scalar(in_all) or 0) >= MOST_IN_ALL:
        raise InvalidInputError(
            "Trop d’alertes sont demandées en ce moment : réessayez dans une heure.", "courriel"
        )
