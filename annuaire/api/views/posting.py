"""/api/v1/match, /api/v1/clauses/detect and /api/v1/check: what is sent is answered, and kept
nowhere."""

from flask import Response

from annuaire.api.asked import checked_values, detected, need_of_body, written
from annuaire.api.bodies import MAX_BYTES, read_body
from annuaire.api.schemas.answers import ChecksSchema, DetectedSchema
from annuaire.api.schemas.asked import ClausesSent, NeedSent, NumbersSent
from annuaire.api.schemas.matching import MatchSchema
from annuaire.api.views.answering import posted, sent_body
from annuaire.api.views.base import api, working
from annuaire.asking import today
from annuaire.db import reading
from annuaire.extensions import engine, places, session, settings
from annuaire.matching.narrowing import read_narrowing
from annuaire.matching.service import as_json, suggest
from annuaire.sources import source_titles
from annuaire.takeaway.checking import check as check_numbers
from annuaire.takeaway.lists import Asked
from annuaire.takeaway.numbers import read_number


@api.post("/match")
@working
def match() -> Response:
    """The structures for a need, with reasons, cautions, routes and groups."""
    body = read_body(sent_body(MAX_BYTES), NeedSent())
    db = reading(session())
    need = need_of_body(db, body, today(), places())
    narrowing = read_narrowing(written(body.get("filters", {})))
    answer = suggest(db, engine(), need, today(), limit=body["limit"], narrowing=narrowing)
    return posted(MatchSchema().dump(as_json(answer)))


@api.post("/clauses/detect")
@working
def detect() -> Response:
    """The clauses of texts and codes, each with its proof."""
    body = read_body(sent_body(MAX_BYTES), ClausesSent())
    return posted(DetectedSchema().dump(detected(body)))


@api.post("/check")
@working
def check() -> Response:
    """What the register says of suppliers' numbers."""
    body = read_body(sent_body(MAX_BYTES), NumbersSent())
    asked = [Asked(line, read_number(text)) for line, text in enumerate(body["numbers"], 1)]
    found = check_numbers(reading(session()), asked, today())
    return posted(
        ChecksSchema().dump(checked_values(found, source_titles(), settings().public_url))
    )
