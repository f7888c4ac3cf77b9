"""`/connexion`: by a mailed link, by a password, with a code; and out."""

from flask import Blueprint, flash, redirect, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response

from annuaire.accounts import links, second_factor, service, sessions, signing, typed
from annuaire.accounts.current import current, start, stop
from annuaire.accounts.guarding import CONFIRM
from annuaire.accounts.limits import letter_limits, succeed
from annuaire.accounts.passwords import LONGEST
from annuaire.accounts.recognising import recognised
from annuaire.accounts.typed import FieldError
from annuaire.accounts.views.base import (
    AWAITED,
    CAME_AS,
    Step,
    count_attempt,
    count_letter,
    own_path,
    signed_in,
    site,
)
from annuaire.accounts.views.leaving import OUT, forget, way_out
from annuaire.db import reading, writing
from annuaire.extensions import session, settings
from annuaire.listing import FormValues

pages = Blueprint("signing_in", __name__)

SENT = "/connexion/envoye"


def _shown(
    name: str, errors: list[FieldError], status: int = 200, **more: object
) -> tuple[str, int]:
    """A form of sign-in, with what was typed but the secrets."""
    form = FormValues({k: v for k, v in request.form.items() if k not in {"mot_de_passe", "code"}})
    back = request.values.get("next", "")
    body = render_template(
        f"accounts/{name}.html", form=form, errors=errors, next=back,
        provider=settings().oidc_name if settings().oidc_issuer else None, **more,
    )  # fmt: skip
    return body, status


@pages.get("/connexion")
def form() -> Response | tuple[str, int]:
    """The form that asks for a link."""
    if current():
        return redirect(own_path(request.args.get("next", "")), 303)
    return _shown("sign_in", [])


@pages.post("/connexion")
def ask() -> Response | tuple[str, int]:
    """Mail a link, whether or not the address has an account."""
    values, errors = typed.read(request.form, courriel=typed.email)
    if errors:
        return _shown("sign_in", errors, 400)
    count_letter(session(), values["courriel"])
    with writing(session()) as db:
        signing.ask_sign_in(db, values["courriel"], own_path(request.form.get("next", "")), site())
    return redirect(SENT, 303)


@pages.get(SENT)
def sent() -> str:
    """What to do now: the same for whoever asked."""
    return render_template("accounts/sent.html")


@pages.get("/connexion/lien/<token>")
def look(token: str) -> str:
    """The page that a mailed link opens. It changes nothing: programs that look for harm in mails
    open links too; its button follows it."""
    link = links.look(reading(session()), token, *signing.PURPOSES)
    return render_template("accounts/link.html", link=link, token=token)


@pages.post("/connexion/lien/<token>")
def follow(token: str) -> Response:
    """Follow a mailed link, once."""
    with writing(session()) as db:
        proved = signing.follow(db, token, cookie.pop(CAME_AS, ()))
        succeed(db, letter_limits(proved.user.email, request.remote_addr))
        step = Step(db, proved)
    return step.response()


@pages.get("/connexion/mot-de-passe")
def password_form() -> tuple[str, int]:
    """The form that asks for a password."""
    return _shown("password", [])


@pages.post("/connexion/mot-de-passe")
def by_password() -> Response | tuple[str, int]:
    """Try a password; what is refused says nothing of why."""
    values, errors = typed.read(request.form, courriel=typed.email)
    given = request.form.get("mot_de_passe", "")
    if not given or len(given) > LONGEST:
        errors.append(
            FieldError(
                "mot_de_passe", f"Écrivez votre mot de passe ({LONGEST} caractères au plus)."
            )
        )
    if errors:
        return _shown("password", errors, 400)
    email = values["courriel"]
    keys = count_attempt(session(), "password", email, recognised(email))
    try:
        user_id = signing.by_password(reading(session()), email, given).id
    except signing.RefusedError as error:
        return _shown("password", [FieldError(None, error.message)], 400)
    with writing(session()) as db:
        succeed(db, keys)
        back = own_path(request.form.get("next", ""))
        step = Step(db, signing.Proved(service.account(db, user_id), "password", back))
    return step.response()


@pages.get("/connexion/code")
def code_form() -> Response | tuple[str, int]:
    """The form that asks for the second factor."""
    if not cookie.get(AWAITED):
        return redirect("/connexion", 303)
    return _shown("code", [])


@pages.post("/connexion/code")
def give_code() -> Response | tuple[str, int]:
    """Take the second factor of who proved the first."""
    token = str(cookie.get(AWAITED) or "")
    user_id = signing.awaited(reading(session()), token).user.id
    keys = count_attempt(session(), "code", str(user_id))
    try:
        with writing(session()) as db:
            proved = signing.prove_second(
                db, token, request.form.get("code", ""), settings().secret_key, site()
            )
            succeed(db, keys)
            step = Step(db, proved, second=True)
    except second_factor.WrongCodeError as error:
        return _shown("code", [FieldError("code", error.message)], 400)
    return step.response()


@pages.get(CONFIRM)
def confirm_form() -> tuple[str, int]:
    """« C’est bien vous ? », before a sensitive act."""
    return _confirm([])


def _confirm(errors: list[FieldError], status: int = 200) -> tuple[str, int]:
    user = service.account(reading(session()), signed_in().user_id)
    asks = "code" if second_factor.is_on(user) else "password" if user.password_hash else ""
    return _shown("confirm", errors, status, asks=asks)


@pages.post(CONFIRM)
def confirm() -> Response | tuple[str, int]:
    """Prove again who one is: by the code or the password, or by a new link."""
    found = signed_in()
    back = own_path(request.form.get("next", ""))
    if request.form.get("par") == "lien":
        email = service.account(reading(session()), found.user_id).email
        count_letter(session(), email)
        with writing(session()) as db:
            signing.ask_sign_in(db, email, back, site())
        return redirect(SENT, 303)
    keys = count_attempt(session(), "confirm", str(found.user_id))
    user = service.account(reading(session()), found.user_id)
    by_code = second_factor.is_on(user)
    try:
        if not by_code:
            signing.by_password(session(), user.email, request.form.get("mot_de_passe", ""))
        with writing(session()) as db:
            user = service.account(db, found.user_id)
            if by_code:
                second_factor.prove(db, user, request.form.get("code", ""), settings().secret_key)
            succeed(db, keys)
            token = sessions.prove(db, found.session_id)
    except second_factor.WrongCodeError as error:
        return _confirm([FieldError("code", error.message)], 400)
    except signing.RefusedError:
        return _confirm([FieldError("mot_de_passe", "Ce mot de passe n’est pas le bon.")], 400)
    response = redirect(back, 303)
    start(response, token)
    return response


@pages.post(OUT)
def out() -> Response:
    """End this session, and that of the provider by which it began."""
    if found := current():
        with writing(session()) as db:
            sessions.end_some(db, found.user_id, [found.session_id])
    response = way_out()
    if response is None:
        flash("Vous êtes déconnecté.")
        response = redirect("/", 303)
    stop(response)
    forget(response)
    return response
