"""Writing a request: the structures chosen, the form, the confirmation that sends it."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts.current import current_user
from annuaire.asking import today
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, places, session, settings
from annuaire.listing import FormValues
from annuaire.mail.letters import address_key
from annuaire.matching.need import Need
from annuaire.paging import address
from annuaire.sourcing import rules, service
from annuaire.sourcing.form import HONEYPOT, SORTS, Written, read_request
from annuaire.sourcing.origin import amount_of, model_text, need_of, origin_url, read_origin
from annuaire.sourcing.presenting import lines_of, mailto, summary
from annuaire.sourcing.reaching import Reached, reach
from annuaire.sourcing.views.owner import hold, links, now, private, seats
from annuaire.structures.reading import full_by_keys
from annuaire.takeaway.selection import added, parse_keys
from annuaire.takeaway.views.kept import keep, local_path, selected
from annuaire.wording import pluriel
from search.filters import InputError

pages = Blueprint("sourcing_asking", __name__)

PATH = "/demandes/nouvelle"
FIELDS = ("sorte", "objet", "texte", "echeance", "documents", "nom", "organisation", "courriel")
LIMIT = "10 per hour"
TOO_MANY = (
    "Dix demandes sont parties de cette connexion en une heure : attendez avant d’en écrire une "
    "autre. Les précédentes sont gardées ; cette dernière ne l’est pas."
)
USUAL_DAYS = 14  # to answer


@pages.post("/demandes/choisir")
def choose() -> Response:
    """What to do with structures that were ticked on a page of suggestions: begin a request
    (`vers=demande`), or add them, or all (`tout`), to the selection."""
    reading(session())
    origin = read_origin(request.form)
    back = local_path(request.form.get("retour", "").rstrip("?"), origin_url(origin) or PATH)
    every = request.form.get("tout", "")
    keys = parse_keys(every or ",".join(request.form.getlist("structures")))
    found = [structure.key for structure in full_by_keys(session(), keys)]
    if not found:
        flash("Cochez au moins une structure proposée, puis recommencez.", "error")
        return redirect(f"{back}#contacter", 303)
    if request.form.get("vers") == "demande" and not every:
        pairs = [("structures", ",".join(found)), *origin.items()]
        return redirect(address(PATH, pairs), 303)
    try:
        kept = added(selected(), found)
    except InvalidInputError as full:
        flash(full.message, "error")
        return redirect(f"{back}#contacter", 303)
    new = len(kept) - len(selected())
    keep(kept)
    flash(f"{pluriel(new, 'structure ajoutée')} à votre sélection ({len(kept)} en tout).")
    return redirect(f"{back}#contacter", 303)


@pages.get(PATH)
def new() -> str:
    """The form, with a text to begin with; the structures and the need are in the address."""
    origin = read_origin(request.args)
    keys = parse_keys(",".join(request.args.getlist("structures"))) or selected()
    need = need_of(session(), origin, today(), places())
    no_quote = _no_quote(origin, need)
    sort = request.args.get("sorte", "")
    sort = sort if sort in SORTS and not (sort == "devis" and no_quote) else ""
    sort = sort or ("sourcing" if no_quote else "devis")
    form = FormValues(
        sorte=sort,
        objet=_object(need),
        texte=model_text(SORTS[sort], need, settings().public_url + (origin_url(origin) or "")),
        echeance=(today() + timedelta(days=USUAL_DAYS)).isoformat(),
        **_sender(),
    )
    ticked = keys if len(keys) <= rules.KINDS[SORTS[sort]].most else []
    return _form(form, [], keys, ticked, origin, no_quote)


def _object(need: Need | None) -> str:
    words = " ".join(need.text.split())[:150] if need else ""
    return words[:1].upper() + words[1:]


def _sender() -> dict[str, str]:
    """What is known of who is signed in."""
    user = current_user()
    if user is None:
        return {}
    held = seats()
    return {
        "nom": user.name,
        "courriel": user.email,
        "organisation": held[0].name if held else "",
    }


def _no_quote(origin: dict[str, str], need: Need | None) -> str | None:
    day = need.on if need and need.reference is None else today()
    return rules.no_quote(
        amount_of(origin),
        origin.get("nature"),
        day,
        published="marche" in origin,
        concession=need is not None and need.concession,
    )


def _form(
    form: FormValues,
    errors: Sequence[InputError],
    keys: list[str],
    ticked: Sequence[str],
    origin: dict[str, str],
    no_quote: str | None,
) -> str:
    found = reach(session(), full_by_keys(session(), keys), now())
    emails = [each.email for each in found if each.email and each.structure.key in ticked]
    day: date = today()
    return render_template(
        "sourcing/new.html",
        form=form,
        errors=errors,
        chosen=[_choice(each, ticked) for each in found],
        origin=origin,
        need_url=origin_url(origin),
        kinds=[(sort, rules.KINDS[kind]) for sort, kind in SORTS.items()],
        no_quote=no_quote,
        models=_models(keys, origin) if request.method == "GET" else {},
        first_day=day + timedelta(days=rules.LEAST_DAYS),
        emails=emails,
        mailto=mailto(emails, form["objet"], form["texte"]) if emails else None,
        own_address=_own(form["courriel"]),
    )


def _models(keys: list[str], origin: dict[str, str]) -> dict[str, str]:
    """By sort, the address of the same form with its own text to begin with."""
    pairs = [("structures", ",".join(keys)), *origin.items()]
    return {sort: address(PATH, pairs, sorte=sort) for sort in SORTS}


def _choice(each: Reached, ticked: Sequence[str]) -> dict[str, object]:
    structure = each.structure
    return {
        "key": structure.key,
        "name": structure.shown_name,
        "city": structure.city,
        "email": each.email,
        "why": each.words,
        "phone": structure.phone,
        "website": structure.website,
        "ticked": structure.key in ticked,
    }


def _own(email: str) -> bool:
    """Whether who is signed in writes under their own address, which needs no confirmation."""
    user = current_user()
    return user is not None and address_key(email) == address_key(user.email)


@pages.post(PATH)
@limiter.limit(LIMIT, error_message=TOO_MANY)
def write() -> Response | tuple[str, int]:
    """Keep the request until its sender confirms; a machine that filled the hidden field is told
    the same, and nothing is kept."""
    given = FormValues({name: request.form.get(name, "") for name in FIELDS})
    origin = read_origin(request.form)
    ticked = parse_keys(",".join(request.form.getlist("structures")))
    keys = parse_keys(request.form.get("presentes", "")) or ticked
    no_quote = _no_quote(origin, need_of(session(), origin, today(), places()))
    written, errors = read_request(given, today())
    found = [*errors]
    if written and written.kind == rules.QUOTE and no_quote:
        found.append(InputError("sorte", no_quote))
    if written is None or found:
        return _form(given, found, keys, ticked, origin, no_quote), 400
    if request.form.get(HONEYPOT):
        return _awaiting(written)
    try:
        path = _draft(written, ticked, origin)
    except InvalidInputError as wrong:
        error = InputError(wrong.field or "", wrong.message)
        return _form(given, [error], keys, ticked, origin, no_quote), 400
    return redirect(path, 303) if path else _awaiting(written)


def _draft(written: Written, ticked: list[str], origin: dict[str, str]) -> str | None:
    """Keep the request; returns where to confirm it at once, for who is signed in."""
    own = _own(written.sender_email)
    with writing(session()) as db:
        chosen = reach(db, full_by_keys(db, ticked), now())
        kept = service.draft(db, written, chosen, origin, links(), now(), mailed=not own)
        return links().path("confirmer", kept.id) if own else None


def _awaiting(written: Written) -> Response:
    flash(
        f"Un courriel est parti à {written.sender_email} : ouvrez son lien dans les 48 heures pour "
        "relire et confirmer. Rien n’est encore parti aux structures."
    )
    return redirect("/demandes", 303)


@pages.get("/demandes/confirmer/<token>")
def to_confirm(token: str) -> Response:
    """What is about to leave, to whom. Opening it sends nothing."""
    kept = service.by_id(session(), links().read("confirmer", token))
    if kept.state != "draft":
        return redirect(links().path("suivi", kept.id), 303)
    body = render_template(
        "sourcing/confirm.html",
        request_=summary(kept, now()),
        lines=lines_of(kept),
        path=request.path,
        count=sum(asked.email is not None for asked in kept.asked),
    )
    return private(body)


@pages.post("/demandes/confirmer/<token>")
def confirm(token: str) -> Response:
    """Send it, or erase it (`abandonner`)."""
    request_id = links().read("confirmer", token)
    if "abandonner" in request.form:
        with writing(session()) as db:
            if service.held(db, request_id).state == "draft":
                service.forget(db, request_id)
        flash("La demande est effacée : rien n’est parti.")
        return redirect("/demandes", 303)
    with writing(session()) as db:
        kept = service.confirm(db, request_id, links(), now())
        count, owner = sum(bool(asked.asked_at) for asked in kept.asked), kept.sender_key
    flash(
        f"Votre demande part à {pluriel(count, 'structure')}. Gardez l’adresse de cette page, que "
        "vous recevez aussi par courriel."
    )
    response = redirect(links().path("suivi", request_id), 303)
    hold(response, owner)
    return response
