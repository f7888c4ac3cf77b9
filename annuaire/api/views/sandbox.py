"""What a key for tests is answered: samples, always the same, of invented structures and buyers.

Its rights and what it sends are checked as those of any key; nothing is searched, and nothing is
kept.
"""

import orjson
from flask import Response, request

from annuaire.api.bodies import MAX_BYTES, read_body
from annuaire.api.describing.samples import sample
from annuaire.api.views.answering import JSON, sent_body
from annuaire.api.views.callers import caller, operation_of

MARK = "Annuaire-Test"


def sampled() -> Response | None:
    """The sample of what is asked, to a key for tests. Raises RefusedError for a body that would
    be refused."""
    operation, found = operation_of(request.endpoint or ""), caller()
    if operation is None or found is None or not found.test or operation.id == "key":
        return None
    if operation.body is not None:
        read_body(sent_body(MAX_BYTES), operation.body())
    response = Response(orjson.dumps(sample(operation.id)), operation.status, mimetype=JSON)
    response.cache_control.no_store = True
    response.headers[MARK] = "oui"
    return response
