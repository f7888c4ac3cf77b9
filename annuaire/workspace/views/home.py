"""`/espace`: what awaits me first, then my things. It links, and copies nothing."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from annuaire.accounts.buying import seats_of, territories_of
from annuaire.accounts.current import current_subject
from annuaire.accounts.members import structures_of
from annuaire.accounts.territories import territory_label
from annuaire.asking import today
from annuaire.claims import queries
from annuaire.claims.states import OPEN, STATES
from annuaire.claims.views.base import me, now
from annuaire.extensions import session
from annuaire.paging import address
from annuaire.profiles.gauge import Gauge
from annuaire.profiles.pages_of import completeness
from annuaire.profiles.service import NOTHING, held_of
from annuaire.sourcing.presenting import state_of
from annuaire.sourcing.queries import received_by
from annuaire.sourcing.views.owner import links, private
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
from annuaire.takeaway.views.kept import selected
from annuaire.workspace import seeing
from annuaire.workspace.awaiting import Person, awaiting
from annuaire.workspace.kept import is_kept, kept_by

pages = Blueprint("workspace", __name__)

SEEN_DAYS = 30
LAST_KEPT = 5
MOST_REQUESTS = 200
MOST_LOTS = 200


@pages.get("/espace")
def home() -> str:
    """The dashboard of whoever is signed in; each part shows when it has something to say."""
    db = session()
    user, subject = me(db), current_subject()
    structures = db.scalars(structures_of(user.id)).all()
    since = today() - timedelta(days=SEEN_DAYS)
    seen: dict[int, dict[str, int]] = {}
    for number, what, count in db.execute(seeing.seen_since([s.id for s in structures], since)):
        seen.setdefault(number, {})[what] = count
    claims = [
        (claim, structure, STATES[claim.state])
        for claim, structure in db.execute(queries.claims_of(user.id))
        if claim.state in OPEN and (claim.state != "held" or structure.withdrawn_on)
    ]
    territories = db.scalars(territories_of(user.id)).all()
    return render_template(
        "workspace/home.html",
        awaited=awaiting(db, Person(user, subject, {s.id: s for s in structures}, now())),
        structures=structures,
        seen=seen,
        gauges=_gauges(structures),
        days=SEEN_DAYS,
        claims=claims,
        kept=db.scalars(kept_by(user.id).limit(LAST_KEPT)).all(),
        seats=db.scalars(seats_of(user.id)).all(),
        territories=[
            (each, territory_label(each.code), *_clauses_of(each.code)) for each in territories
        ],
        selection=_unkept_selection(user.id),
        words=subject.words,
    )


def _gauges(structures: Sequence[Structure]) -> dict[int, Gauge]:
    """How complete each page is."""
    held = held_of(session(), [s.id for s in structures])
    return {s.id: completeness(s, held.get(s.id, NOTHING).content) for s in structures}


def _clauses_of(code: str) -> tuple[str, str]:
    """The open contracts with a social clause of a territory, and the form of an alert on
    them."""
    asked = [("lieu", code), ("social", "oui"), ("etat", "ouvert")]
    search = address("/marches", asked)
    query = search.partition("?")[2]
    return search, address("/alertes/nouvelle", [("sorte", "marches"), ("recherche", query)])


def _unkept_selection(user_id: int) -> tuple[str, int] | None:
    """The selection of the visitor's cookie, when their account does not hold it."""
    keys = selected()
    if not keys:
        return None
    there = address("/ma-selection", [("structures", ",".join(keys))])
    return None if is_kept(session(), user_id, there) else (there, len(keys))


@pages.get("/structures/<key>/audience")
def audience(key: str) -> str:
    """How often a structure was seen, day by day, and for which lots; for who speaks for it."""
    structure = by_siret(session(), key)
    since = today() - timedelta(days=SEEN_DAYS)
    days: dict[object, dict[str, int]] = {}
    for day, what, count in session().execute(seeing.by_day(structure.id, since)):
        days.setdefault(day, {})[what] = count
    return render_template(
        "workspace/audience.html",
        structure=structure,
        by_day=days,
        days=SEEN_DAYS,
        lots=session().execute(seeing.lots_of(structure.id).limit(MOST_LOTS)).all(),
        most=MOST_LOTS,
    )


@pages.get("/structures/<key>/demandes")
def requests(key: str) -> Response:
    """What buyers asked of a structure by mail, and the way to answer each."""
    structure = by_siret(session(), key)
    rows = session().execute(received_by([structure.id]).limit(MOST_REQUESTS)).all()
    return private(
        render_template(
            "workspace/requests.html",
            structure=structure,
            requests=[
                (asked, request, state_of(asked), links().path("repondre", asked.id))
                for asked, request, _ in rows
            ],
        )
    )
