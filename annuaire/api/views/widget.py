"""/widget: pages without script that a platform shows in a frame of its own, and their snippet."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from marshmallow import ValidationError

from annuaire.api.asked import need_of_body
from annuaire.api.schemas.asked import NeedSent
from annuaire.api.widget import Look, need_values, read_count, read_look
from annuaire.asking import today
from annuaire.clauses.labels import LABELS
from annuaire.contracts.lots import concerning
from annuaire.contracts.models import Contract, Lot
from annuaire.contracts.presenting import flags_of, told
from annuaire.contracts.service import by_reference, lot_by_number
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import engine, limiter, places, session, settings
from annuaire.matching.scoring import Suggestion
from annuaire.matching.service import suggest
from annuaire.structures.kinds import kind_label
from annuaire.web import FRAMED

widget = Blueprint("widget", __name__, url_prefix="/widget")

LIMIT: Final = "60 per minute"
TOO_MANY: Final = "Trop de demandes en une minute : rechargez un peu plus tard."
MAX_AGE: Final = 600  # seconds that anybody may keep a frame
A_DAY: Final = 86_400
SHOWN_PROOFS: Final = 5
#: No script, no form, nothing from elsewhere; any site may frame it, as it holds nothing of
#: anybody's own.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)


TO_ASK: Final = "Métier à vérifier auprès d’elle."


@widget.get("")
def explained() -> str:
    """What may be framed, with a snippet to copy."""
    return render_template("widget/explained.html")


@widget.get("/structures")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def structures() -> Response:
    """« Structures inclusives pour ce lot »: of a contract's lot, or of a need."""
    values = request.args.to_dict()
    try:
        look, count = read_look(values), read_count(values.get("nombre", ""))
        body = _checked(need_values(values))
        need = need_of_body(session(), body, today(), places())
        answer = suggest(session(), engine(), need, today())
    except (InvalidInputError, NotFoundError) as error:
        return _refused(error, values)
    items = [
        {
            "name": found.name,
            "url": f"{settings().public_url}/structures/{found.key}",
            "kinds": ", ".join(kind_label(kind) for kind in found.kinds),
            "city": found.city,
            "distance_km": found.distance_km,
            "reason": found.trade or (None if found.trade_known else TO_ASK),
        }
        for found in _shown(answer.suggestions, count)
    ]
    return _framed(
        render_template(
            "widget/structures.html",
            look=look,
            items=items,
            need=need.text,
            of_contract="contract" in body,
            more=_more(body),
            site=settings().public_url,
        )
    )


def _shown(suggestions: Sequence[Suggestion], count: int) -> Sequence[Suggestion]:
    """The first whose trade is known; where none is, the first, which then say so: a frame has no
    room for the reservations of the page."""
    return ([found for found in suggestions if found.trade_known] or suggestions)[:count]


@widget.get("/clauses")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def clauses() -> Response:
    """« Ce marché comporte une clause »: of a contract, or of one of its lots."""
    values = request.args.to_dict()
    try:
        look = read_look(values)
        if not values.get("marche"):
            raise InvalidInputError("« marche » est la référence d’un marché.", "marche")
        contract = by_reference(session(), values["marche"])
        lot = lot_by_number(contract, values["lot"]) if values.get("lot") else None
    except (InvalidInputError, NotFoundError) as error:
        return _refused(error, values)
    return _framed(
        render_template(
            "widget/clauses.html",
            look=look,
            url=_page(contract, lot),
            title=lot.title if lot else contract.title,
            lot=lot.number if lot else None,
            site=settings().public_url,
            **_found(contract, lot),
        )
    )


@widget.get("/couleurs.css")
def colours() -> Response:
    """The colours of a widget, as its own style sheet: a frame holds no style of its own."""
    try:
        look = read_look(request.args.to_dict())
    except InvalidInputError:
        look = Look()
    return _kept(Response(look.style_sheet, mimetype="text/css"), A_DAY)


def _found(contract: Contract, lot: Lot | None) -> dict[str, Any]:
    if lot is None:
        findings = list(contract.findings)
    else:
        findings = [finding for _, finding in concerning(contract, lot.number)]
    proofs = [
        {"label": LABELS[finding.type].name, "evidence": told(finding),
         "hours": finding.hours, "text": finding.source == "text"}
        for finding in findings[:SHOWN_PROOFS]
    ]  # fmt: skip
    return {"flags": flags_of(f.type for f in findings), "proofs": proofs}


def _page(contract: Contract, lot: Lot | None) -> str:
    path = f"/marches/{quote(contract.reference, safe='')}"
    own = f"/lots/{quote(lot.number, safe='')}" if lot else ""
    return f"{settings().public_url}{path}{own}"


def _more(body: dict[str, Any]) -> str:
    """The page that says all: of the lot, or of the form of needs."""
    base = settings().public_url
    if "contract" in body:
        return f"{base}/marches/{quote(body['contract'], safe='')}"
    return f"{base}/besoins/nouveau"


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    """The need, as `/match` checks it. Raises InvalidInputError."""
    try:
        found: dict[str, Any] = NeedSent().load(body)
    except ValidationError as error:
        told = error.messages_dict.values()
        sentences = (str(message) for messages in told for message in messages)
        raise InvalidInputError(" ".join(sentences)) from error
    return found


def _refused(error: InvalidInputError | NotFoundError, values: dict[str, str]) -> Response:
    """A frame that says what is wrong, for who puts it in their page."""
    try:
        look = read_look(values)
    except InvalidInputError:
        look = Look()
    response = _framed(render_template("widget/refused.html", look=look, message=error.message))
    response.status_code = 404 if isinstance(error, NotFoundError) else 400
    response.cache_control.max_age = 0
    return response


def _framed(page: str) -> Response:
    """A page for frames of any site: its own policy, and no word of frames that would refuse."""
    request.environ[FRAMED] = True
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return _kept(response, MAX_AGE)


def _kept(response: Response, seconds: int) -> Response:
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.make_conditional(request)
    return response
