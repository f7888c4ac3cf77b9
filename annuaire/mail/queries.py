"""What the mails ask of the database."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from annuaire.mail.models import MailSuspension
from annuaire.sql import among


def suspended_among(addresses: Iterable[str]) -> Select[str]:
    """Which of these addresses (as `address_key` writes them) nothing is sent to."""
    return (
        select(MailSuspension.address)
        .where(among(MailSuspension.address, addresses), MailSuspension.lifted_at.is_(None))
        .order_by(MailSuspension.id)
    )
