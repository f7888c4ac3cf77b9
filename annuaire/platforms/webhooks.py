"""Webhooks: registered, listed, taken away, disabled and begun again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.platforms.keys import not_suspended
from annuaire.platforms.models import ApiKey, Webhook, WebhookDelivery
from annuaire.platforms.signing import new_salt
from annuaire.sql import numbered
from importers.http import ForbiddenAddress, Network, Passing

MOST: Final = 10  # of one holder
MAX_URL: Final = 500
MAX_SEARCH: Final = 1_000
SCOPE: Final = "webhooks"
KEPT: Final = timedelta(days=30)  # deliveries that are done with, in the log
NO_KEY: Final = "la clé qui l’a demandé est révoquée, expirée, ou d’un compte suspendu"
WAITING: Final = "waiting"
SENT: Final = "sent"
DROPPED: Final = "dropped"


def check_address(network: Network, url: str) -> None:
    """Look an address up, outside any transaction: its name servers may be slow. Raises
    InvalidInputError for one that may not be joined."""
    host = check_url(url)
    try:
        network.addresses(host)
    except (ForbiddenAddress, Passing) as error:
        raise InvalidInputError(
            f"« {host} » ne mène pas à une adresse publique : rien n’y sera envoyé.", "url"
        ) from error


def register(
    session: Session,
    family: str,
    url: str,
    contracts: str | None,
    structures: str | None,
    now: datetime,
) -> Webhook:
    """Keep a webhook, in the caller's transaction; `check_address` comes before. Raises
    InvalidInputError for one that is told of nothing, and past MOST."""
    if contracts is None and structures is None:
        raise InvalidInputError("Donnez « contracts », « structures », ou les deux.", "contracts")
    if len(session.scalars(webhooks_of(family)).all()) >= MOST:
        raise InvalidInputError(f"{MOST} webhooks au plus : retirez-en un.", "url")
    webhook = Webhook(
        family=family,
        url=url,
        contracts=contracts,
        structures=structures,
        salt=new_salt(),
        created_at=now,
        seen_at=now,
    )
    session.add(webhook)
    session.flush()
    return webhook


def check_url(url: str) -> str:
    """The host of an address that webhooks may be sent to. Raises InvalidInputError."""
    try:
        parts = urlsplit(url)
        usual = parts.scheme == "https" and parts.port in (None, 443)
    except ValueError:
        usual, parts = False, urlsplit("")
    if not usual or not parts.hostname or "@" in parts.netloc or len(url) > MAX_URL:
        raise InvalidInputError(
            "Une adresse https est attendue, sur le port 443, sans nom d’utilisateur.", "url"
        )
    if not url.isascii() or any(character <= " " for character in url) or parts.fragment:
        raise InvalidInputError("Cette adresse contient des signes qui ne s’envoient pas.", "url")
    return parts.hostname.rstrip(".")


def webhooks_of(family: str) -> Select[Webhook]:
    """The webhooks of a holder, the oldest first."""
    return select(Webhook).where(Webhook.family == family).order_by(Webhook.id)


def all_webhooks() -> Select[Webhook]:
    """Every webhook."""
    return select(Webhook).order_by(Webhook.id)


def webhook_of(session: Session, family: str, number: int) -> Webhook:
    """A webhook of a holder. Raises NotFoundError."""
    found = numbered(session, Webhook, number)
    if found is None or found.family != family:
        raise NotFoundError(f"Aucun webhook ne porte le numéro {number}.")
    return found


def remove(session: Session, webhook: Webhook) -> None:
    """Take a webhook away with its log, in the caller's transaction."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    session.delete(webhook)
    session.flush()


def enable(session: Session, webhook: Webhook) -> None:
    """Begin again to send to a webhook, in the caller's transaction."""
    webhook.failing_since = webhook.disabled_at = webhook.disabled_why = None
    session.flush()


def disable(webhook: Webhook, now: datetime, why: str) -> None:
    """Send a webhook nothing more, until it is enabled; in the caller's transaction."""
    webhook.disabled_at, webhook.disabled_why = now, why[:300]


def disable_without_key(session: Session, now: datetime) -> int:
    """Disable the webhooks whose holder has no key for them any more, in the caller's transaction;
    returns how many."""
    active = session.scalars(all_webhooks().where(Webhook.disabled_at.is_(None))).all()
    if not active:
        return 0
    families = {webhook.family for webhook in active}
    keys = session.scalars(
        select(ApiKey).where(ApiKey.revoked_at.is_(None), ApiKey.expires_at > now, not_suspended())
    )
    held = {key.family for key in keys if SCOPE in key.scopes} & families
    lost = [webhook for webhook in active if webhook.family not in held]
    for webhook in lost:
        disable(webhook, now, NO_KEY)
    session.flush()
    return len(lost)


def deliveries_of(webhook_id: int, limit: int = 100) -> Select[WebhookDelivery]:
    """What a webhook was told, the newest first."""
    return (
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )


def replay(session: Session, webhook: Webhook, message_id: str, now: datetime) -> WebhookDelivery:
    """Send again, at the next turn, what was told under a number, and begin again to send to this
    webhook; in the caller's transaction. Raises NotFoundError."""
    found = session.scalar(
        select(WebhookDelivery).where(
            WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.message_id == message_id
        )
    )
    if found is None:
        raise NotFoundError(f"Aucun envoi ne porte le numéro « {message_id[:40]} ».")
    found.state, found.attempts, found.next_at, found.error = WAITING, 0, now, None
    enable(session, webhook)
    return found


def forget_old(session: Session, now: datetime) -> None:
    """Forget what was told more than KEPT ago and waits no more, in the caller's transaction."""
    session.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.state != WAITING, WebhookDelivery.created_at < now - KEPT
        )
    )


def catch_up(session: Session, ids: Sequence[int], seen_at: datetime) -> None:
    """Note up to where changes were looked at for webhooks, in the caller's transaction."""
    session.execute(update(Webhook).where(Webhook.id.in_(ids)).values(seen_at=seen_at))
