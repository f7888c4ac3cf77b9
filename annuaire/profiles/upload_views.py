"""What structures send, taken in and served: pictures, and proofs of qualifications."""

import tempfile
from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from annuaire.accounts.members import is_member
from annuaire.asking import today
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import limiter, session, settings
from annuaire.profiles import files, service
from annuaire.profiles.forms import MAX_ROWS
from annuaire.profiles.uploads.apart import Kind, Opened, opened
from annuaire.profiles.uploads.refusals import REASONS, SIZE_MB
from annuaire.profiles.views import FICHE, TOO_MANY, render_form, save_form, user_id
from annuaire.structures.service import by_siret
from search.filters import InputError

pages = Blueprint("profile_files", __name__)

LIMIT = "20 per minute"
#: A page of the site shows them, no address of theirs is one: nothing in them can run.
SAFE: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_DAY = 86_400  # seconds
ROWS = "qualifications"


@pages.url_value_preprocessor
def accept_files(_endpoint: str | None, _values: object) -> None:
    """Let a file in before anything reads the form. Twice its limit is received, so that who sends
    a little too much is told so by the page."""
    request.max_content_length = 2 * (SIZE_MB << 20)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """The page again, with the limit; what it says now is unchanged. This comes before the door
    (annuaire/accounts/guarding.py): a stranger is told the limit and nothing else."""
    key, who = (request.view_args or {}).get("key"), user_id()
    if key is None or who is None:
        return REASONS["too_large"], 413
    structure = by_siret(session(), key)
    if not is_member(session(), who, structure.id):
        return REASONS["too_large"], 413
    subject = "photos" if request.path.endswith("/photos") else ROWS
    held = service.held(session(), structure.id)
    wrong = [InputError("fichier" if subject == "photos" else "", REASONS["too_large"])]
    return render_form(structure, subject, {}, held, errors=wrong), 413


@pages.post(f"{FICHE}/photos")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def send_picture(key: str) -> BaseResponse | tuple[str, int]:
    """Put a picture on the page (`role`: logo or photo), or take one off (`retirer`)."""
    author, off = user_id(), request.form.get("retirer", "")
    typed = {name: request.form.get(name, "") for name in ("role", "texte")}
    try:
        if off:
            with writing(session()) as db_session:
                structure = by_siret(db_session, key)
                files.take_picture_off(db_session, structure, off, author, today())
            flash("L’image est retirée de votre page. L’historique permet de la remettre.")
        else:
            _add(key, author, typed)
            flash("L’image est sur votre page, sans les données qu’elle portait (lieu, appareil).")
    except (InvalidInputError, service.StaleEditError) as error:
        structure = by_siret(session(), key)
        held = service.held(session(), structure.id)
        field = error.field or "" if isinstance(error, InvalidInputError) else ""
        wrong = [InputError(field, error.message)]
        return render_form(structure, "photos", typed, held, errors=wrong), 400
    return redirect(url_for("profiles.form", key=key, subject="photos"), 303)


def _add(key: str, author: int | None, typed: Mapping[str, str]) -> None:
    sent = request.files.get("fichier")
    if sent is None or not sent.filename:
        raise InvalidInputError("Choisissez une image JPEG, PNG ou WebP.", "fichier")
    if not typed["texte"].strip():
        raise InvalidInputError("Dites ce que montre l’image.", "texte")
    found = _opened(sent, "picture")
    role: files.Role = "logo" if typed["role"] == "logo" else "photo"
    with writing(session()) as db_session:
        structure = by_siret(db_session, key)
        kept = files.keep_file(
            db_session, settings().data_dir, structure, found, "picture", sent.filename or ""
        )
        files.add_picture(db_session, structure, kept, role, typed["texte"], author, today())


def _opened(sent: FileStorage, kind: Kind) -> Opened:
    with tempfile.TemporaryFile() as held:  # without a name: gone whatever happens
        sent.save(held)
        return opened(held, kind)


@pages.post(f"{FICHE}/{ROWS}")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def save_qualifications(key: str) -> BaseResponse | tuple[str, int]:
    """Keep the proofs that were sent, then what the form says; a proof is kept though another
    answer is wrong, so that it is not to be sent again."""
    sent = request.form.to_dict(flat=False)
    errors: list[InputError] = []
    proofs = _proofs()
    if len(proofs) > MAX_ROWS:
        said = f"{len(proofs)} fichiers : {MAX_ROWS} au plus à la fois. Aucun n’est enregistré."
        return save_form(key, ROWS, sent, [InputError(ROWS, said)])
    for row, file in proofs.items():
        try:
            sent[f"{row}-preuve"] = [str(_keep_proof(key, file))]
        except InvalidInputError as error:
            errors.append(InputError(f"{row}-fichier", error.message))
    return save_form(key, ROWS, sent, errors)


def _proofs() -> dict[str, FileStorage]:
    """The files that the form sends, by row: « qualifications-0 »."""
    found = {}
    for name, file in request.files.items():
        row, _, last = name.rpartition("-")
        if last == "fichier" and row.startswith(f"{ROWS}-") and file.filename:
            found[row] = file
    return found


def _keep_proof(key: str, file: FileStorage) -> int:
    found = _opened(file, "proof")
    with writing(session()) as db_session:
        structure = by_siret(db_session, key)
        kept = files.keep_file(
            db_session, settings().data_dir, structure, found, "proof", file.filename or ""
        )
        return kept.id


@pages.get("/fichiers/images/<sha256>-<int:width>.webp")
def picture(sha256: str, width: int) -> Response:
    """A picture that a page shows."""
    path = files.public_picture(session(), settings().data_dir, sha256[:64], width)
    if not path.is_file():
        raise NotFoundError("Cette image manque sur le serveur.")
    response = send_file(path, mimetype="image/webp", conditional=True, etag=sha256)
    response.headers.extend(SAFE)
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = A_DAY
    return response


@pages.get(f"{FICHE}/justificatifs/<int:file_id>")
def proof(key: str, file_id: int) -> Response:
    """A proof, for the structure and moderators: taken away, never shown by the browser."""
    structure = by_siret(session(), key)
    kept, path = files.proof(session(), settings().data_dir, structure, file_id)
    if not path.is_file():
        raise NotFoundError("Ce justificatif manque sur le serveur.")
    ending = ".pdf" if kept.media_type == "application/pdf" else ".webp"
    name = f"justificatif-{kept.id}{ending}"
    response = send_file(path, mimetype=kept.media_type, as_attachment=True, download_name=name)
    response.headers.extend(SAFE)
    return response
