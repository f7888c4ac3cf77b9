"""« C'est ma structure »: to claim it, to follow the claim; and the page of the mailed proof."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annuaire.accounts.audit import acts_on
from annuaire.claims import proving, queries, service, states
from annuaire.claims.known import Known, domain_of, known_of, masked
from annuaire.claims.models import Claim
from annuaire.claims.steps import claim_structure
from annuaire.claims.views.base import TOO_MANY, as_errors, me, my_id, now, site
from annuaire.claims.wording import ACTS
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import limiter, session
from annuaire.mail.links import LinkError
from annuaire.sql import numbered
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
from search.filters import InputError

pages = Blueprint("claims", __name__)

LIMIT = "20 per hour"
RANKS = frozenset(map(str, range(100)))  # of known addresses, as the form names them
#: What the claimant may do by a button: the word of the form, the event and what is then said.
ACTS_OF_CLAIMANT = {
    "abandonner": ("abandon", "Votre demande est abandonnée."),
    "contester": ("contest", "La modération examinera votre demande."),
    "quitter": ("leave", "Vous n’êtes plus rattaché à cette structure."),
    "prolonger": ("renew", "Votre rattachement est prolongé de deux ans."),
}


@pages.get("/structures/<key>/rattachement")
def new(key: str) -> str | Response:
    """The ways to prove it; who has a claim under way is led to it."""
    structure = by_siret(session(), key)
    if structure.key != key:
        return redirect(url_for("claims.new", key=structure.key), 301)
    found = session().scalar(queries.open_of(my_id(), structure.id).limit(1))
    if found is not None:
        return redirect(url_for("claims.show", number=found.id), 303)
    user = me(session())
    try:
        service.refuse_start(session(), structure, user, now())
    except InvalidInputError as refused:
        return render_template("claims/closed.html", structure=structure, message=refused.message)
    return _form(structure, {}, [])


def _form(structure: Structure, given: dict[str, str], errors: list[InputError]) -> str:
    user, known = me(session()), known_of(session(), structure)
    form = {name: given.get(name, "") for name in ("preuve", "adresse", "message")}
    if not form["adresse"] and domain_of(user.email) in known.domains:
        form["adresse"] = user.email
    return render_template(
        "claims/new.html", structure=structure, form=form, errors=errors, proofs=_proofs(known),
        domains=known.domains,
    )  # fmt: skip


def _proofs(known: Known) -> list[tuple[str, str]]:
    """The ways that are open for this structure, as the form offers them."""
    found = [
        (f"email-{rank}", f"Un courriel à {masked(email)}, adresse que publient les annuaires")
        for rank, email in enumerate(known.emails)
    ]
    if known.domains:
        found.append(("domain", f"Un courriel à mon adresse en @{' ou @'.join(known.domains)}"))
    if known.postal:
        found.append(("letter", f"Une lettre avec un code : {', '.join(known.postal)}"))
    return [*found, ("word", "Aucune de ces preuves : un examen par la modération")]


@pages.post("/structures/<key>/rattachement")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def start(key: str) -> Response | tuple[str, int]:
    """Begin the claim by the proof that was chosen."""
    structure_id = by_siret(session(), key).id
    form = request.form
    method, _, rank = form.get("preuve", "").partition("-")
    wanted = service.Wanted(
        method=method if method != "invited" else "",
        known=int(rank) if rank in RANKS else -1,  # which no address has
        address=form.get("adresse", ""),
        words=form.get("message", ""),
    )
    try:
        with writing(session()) as db:
            claim_id = service.start(db, structure_id, me(db), wanted, site(), now()).id
    except InvalidInputError as error:
        named = {"email": "adresse", "connue": "preuve"}.get(error.field or "", error.field)
        errors = [InputError(named or "", error.message)]
        structure = by_siret(reading(session()), key)
        return _form(structure, dict(form.items()), errors), 400
    flash("Votre demande est enregistrée : chaque étape vous est écrite par courriel.")
    return redirect(url_for("claims.show", number=claim_id), 303)


@pages.get("/espace/rattachements/<int:number>")
def show(number: int) -> str:
    """A claim: where it stands, what comes next, what happened."""
    return _page(_mine(number), [])


def _mine(number: int) -> Claim:
    """One's own claim. Raises NotFoundError for another's: who asks learns nothing of it."""
    claim = numbered(session(), Claim, number)
    if claim is None or claim.user_id != my_id():
        raise NotFoundError("Aucun de vos rattachements ne porte ce numéro.")
    return claim


def _page(claim: Claim, errors: list[InputError]) -> str:
    structure = claim_structure(session(), claim)
    moment = now()
    where = claim.address if claim.method == "domain" else masked(claim.address or "@")
    return render_template(
        "claims/show.html",
        claim=claim,
        structure=structure,
        errors=errors,
        state=states.STATES[claim.state],
        method=states.METHODS[claim.method],
        where=where,
        waits=claim.state in states.WAITING,
        holds=claim.state in states.HOLDING,
        contestable=claim.state == "refused" and claim.changed_at > moment - states.CONTESTABLE,
        renewable=claim.state == "held"
        and claim.due_at is not None
        and claim.due_at <= moment + states.RENEWABLE,
        history=[
            (act.at, ACTS.get(act.action, act.action), act.reason)
            for act in session().scalars(acts_on("claim", claim.id))
        ],
    )


@pages.post("/espace/rattachements/<int:number>/code")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def try_code(number: int) -> Response | tuple[str, int]:
    """Try the code of the posted letter."""
    with writing(session()) as db:
        said = proving.try_code(db, number, my_id(), request.form.get("code", ""), site(), now())
    if said:
        reading(session())
        return _page(_mine(number), [InputError("code", said)]), 400
    flash("Le code est juste.")
    return redirect(url_for("claims.show", number=number), 303)


@pages.post("/espace/rattachements/<int:number>")
def change(number: int) -> Response | tuple[str, int]:
    """Give up, contest a refusal, prolong, or leave (a structure taken off has no other page), as
    `acte` says."""
    _mine(number)
    event, said = ACTS_OF_CLAIMANT.get(request.form.get("acte", ""), ("", ""))
    try:
        if not event:
            raise InvalidInputError("Choisissez une action.")
        with writing(session()) as db:
            words = request.form.get("message", "")
            service.own_act(db, number, my_id(), event, words, site(), now())
    except InvalidInputError as error:
        reading(session())
        return _page(_mine(number), as_errors(error)), 400
    flash(said)
    return redirect(url_for("claims.show", number=number), 303)


@pages.get("/rattachements/preuve/<token>")
def proof(token: str) -> str | tuple[str, int]:
    """What a mailed link asks. Reading it changes nothing: programs open links too."""
    try:
        claim, structure, user = proving.proof_shown(session(), token, site())
    except (LinkError, InvalidInputError) as error:
        return _no_proof(error.message)
    return render_template("claims/proof.html", claim=claim, structure=structure, claimant=user)


def _no_proof(message: str) -> tuple[str, int]:
    return render_template("claims/proof.html", claim=None, message=message), 410


@pages.post("/rattachements/preuve/<token>")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def answer_proof(token: str) -> Response | tuple[str, int]:
    """Confirm (`reponse` is « oui ») or deny."""
    ours = request.form.get("reponse") == "oui"
    try:
        with writing(session()) as db:
            claim = proving.answer_proof(db, token, site(), now(), ours=ours)
            key = claim_structure(db, claim).key
    except (LinkError, InvalidInputError) as error:
        reading(session())
        return _no_proof(error.message)
    flash("Merci : votre réponse est enregistrée, et la personne qui a fait la demande la reçoit.")
    return redirect(url_for("structures.show", key=key), 303)
