"""/health for programs that watch over the service, /etat for people."""

from datetime import UTC, datetime

import orjson
from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from annuaire.api.health import DOWN, WORDS, Health, health, health_values
from annuaire.db import reading
from annuaire.extensions import engine, session

status = Blueprint("status", __name__)


@status.get("/health")
def watched() -> Response:
    """200 while people are served, 503 otherwise; never kept."""
    found = _health()
    answer = Response(orjson.dumps(health_values(found)), mimetype="application/json")
    answer.status_code = 503 if found.status == DOWN else 200
    answer.cache_control.no_store = True
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@status.get("/etat")
def state() -> str:
    """How the service is, and how recent its sources are."""
    found = _health()
    return render_template("api/status.html", health=found, words=WORDS[found.status])


def _health() -> Health:
    def open_session() -> Session:
        return reading(session())

    return health(open_session, engine(), datetime.now(UTC))
