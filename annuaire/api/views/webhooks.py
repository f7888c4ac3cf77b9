"""/api/v1/webhooks: a key's webhooks, their log, what is sent again."""

from datetime import UTC, datetime
from typing import cast

from flask import Response, current_app

from annuaire.api.bodies import MAX_BYTES, read_body
from annuaire.api.events import search_of
from annuaire.api.refusals import RefusedError
from annuaire.api.schemas.webhooks import (
    DeliveriesSchema,
    DeliverySchema,
    NewWebhookSchema,
    WebhookSchema,
    WebhookSent,
    WebhooksSchema,
)
from annuaire.api.views.answering import posted, sent_body
from annuaire.api.views.base import api, working
from annuaire.api.views.callers import caller
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, session, settings
from annuaire.platforms import webhooks as service
from annuaire.platforms.signing import secret_of
from importers.http import Network


@api.get("/webhooks")
def webhooks() -> Response:
    """The webhooks of the keys of one family."""
    found = session().scalars(service.webhooks_of(_family())).all()
    return posted(WebhooksSchema().dump({"items": found}))


@api.post("/webhooks")
@working
def create_webhook() -> Response:
    """Register an address. Its host is looked up: a private one is refused."""
    body = read_body(sent_body(MAX_BYTES), WebhookSent())
    family, now = _family(), datetime.now(UTC)
    try:
        for name in ("contracts", "structures"):
            if name in body:
                search_of(engine(), name, body[name])
        session().rollback()  # nothing is held while a name is looked up
        service.check_address(_network(), body["url"])
        asked = (body["url"], body.get("contracts"), body.get("structures"), now)
        with writing(session()) as db_session:
            made = service.register(db_session, family, *asked)
            told = NewWebhookSchema().dump(made)
            told["secret"] = secret_of(settings().secret_key, made.salt)
    except InvalidInputError as error:
        pointer = {"pointer": f"#/{error.field or 'url'}", "detail": error.message}
        raise RefusedError(error.message, [pointer], 422) from error
    response = posted(told)
    response.status_code = 201
    return response


@api.delete("/webhooks/<int:number>")
@working
def remove_webhook(number: int) -> Response:
    """Take a webhook away, with its log."""
    family = _family()
    with writing(session()) as db_session:
        found = service.webhook_of(db_session, family, number)
        told = WebhookSchema().dump(found)
        service.remove(db_session, found)
    return posted(told)


@api.get("/webhooks/<int:number>/deliveries")
def deliveries(number: int) -> Response:
    """The last hundred messages of a webhook."""
    found = service.webhook_of(session(), _family(), number)
    items = session().scalars(service.deliveries_of(found.id)).all()
    return posted(DeliveriesSchema().dump({"items": items}))


@api.post("/webhooks/<int:number>/deliveries/<message_id>/replay")
@working
def replay(number: int, message_id: str) -> Response:
    """Send a message again, and begin again to send to a webhook that was disabled."""
    family = _family()
    with writing(session()) as db_session:
        found = service.webhook_of(db_session, family, number)
        again = service.replay(db_session, found, message_id, datetime.now(UTC))
        return posted(DeliverySchema().dump(again))


def _family() -> str:
    found = caller()
    if found is None:  # the operation needs a key: `refuse_without_right`
        raise RefusedError("Cette adresse demande une clé.", (), 401)
    reading(session())
    return found.family


def _network() -> Network:
    """The internet, as webhooks see it; tests hand over their own."""
    return cast(Network, current_app.extensions.get("annuaire.network") or Network())
