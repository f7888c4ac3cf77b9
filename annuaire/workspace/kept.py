"""What people keep in their account: an address of this site, with a title and a note of theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import possible
from annuaire.structures.report_form import visible
from annuaire.wording import pluriel
from annuaire.workspace.models import Kept

#: Every kind, as its heading says it, in the order of the page.
KINDS: Final = {
    "search": "Recherches",
    "selection": "Sélections",
    "need": "Besoins",
    "structure": "Structures",
    "contract": "Marchés",
}
MOST: Final = 500  # of one account
MAX_ADDRESS: Final = 4_000
MAX_TITLE: Final = 200
MAX_NOTE: Final = 5_000
_UNKEPT: Final = frozenset({"page", "csrf_token", "retour"})

#: What an address shows, by its path: the first that answers.
_BY_PATH: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    ("selection", lambda path, query: path == "/ma-selection" and "structures=" in query),
    ("need", lambda path, query: path == "/besoins/nouveau" and bool(query)),
    ("search", lambda path, _: path in ("/structures", "/marches")),
    ("structure", lambda path, _: path.startswith("/structures/") and path.count("/") == 2),
    ("contract", lambda path, _: path.startswith("/marches/")),
)


def tidy(address: str) -> tuple[str, str]:
    """An address as it is kept, and the kind of what it shows. Raises InvalidInputError for one
    that is not of this site, or that nobody keeps."""
    text = address.strip()
    local = text.startswith("/") and not text.startswith("//") and text.isprintable()
    if not local or "\\" in text or len(text) > MAX_ADDRESS:
        raise InvalidInputError("Cette adresse n’est pas une page de l’annuaire.", "adresse")
    parts = urlsplit(text)
    pairs = [(k, v) for k, v in parse_qsl(parts.query) if k not in _UNKEPT]
    query = urlencode(pairs)
    kind = next((kind for kind, answers in _BY_PATH if answers(parts.path, query)), None)
    if kind is None:
        raise InvalidInputError("Cette page ne se garde pas.", "adresse")
    if kind in ("structure", "contract"):
        query = ""
    return (f"{parts.path}?{query}" if query else parts.path), kind


def suggested_title(kind: str, address: str) -> str:
    """A title for what is kept without one: what was asked, in the words of its address."""
    given = dict(parse_qsl(urlsplit(address).query))
    if kind == "selection":
        return f"Sélection de {pluriel(given['structures'].count(',') + 1, 'structure')}"
    asked = [given[name] for name in ("q", "quoi", "lieu") if given.get(name)]
    what = "Structures" if address.startswith("/structures") else KINDS[kind]
    what = "Marchés" if address.startswith("/marches") else what
    return _short(f"{what} : {', '.join(asked)}" if asked else address)


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= MAX_TITLE else f"{line[: MAX_TITLE - 1]}…"


def keep(
    session: Session, user_id: int, address: str, title: str, note: str, now: datetime
) -> Kept:
    """Keep an address, or change what was written beside it, in the caller's transaction. Raises
    InvalidInputError."""
    plain, kind = tidy(address)
    words, written = _title(title) or suggested_title(kind, plain), _note(note)
    held = session.scalar(
        select(Kept).where(Kept.user_id == user_id, Kept.address == plain).with_for_update()
    )
    if held is None:
        count = select(func.count()).select_from(Kept).where(Kept.user_id == user_id)
        if (session.scalar(count) or 0) >= MOST:
            raise InvalidInputError(f"Un compte garde {MOST} pages au plus : oubliez-en.")
        held = Kept(user_id=user_id, kind=kind, address=plain, kept_at=now)
        session.add(held)
    held.title, held.note, held.changed_at = words, written, now
    session.flush()
    return held


def change(
    session: Session, user_id: int, number: int, title: str, note: str, now: datetime
) -> Kept:
    """Change the title and the note of what is kept. Raises NotFoundError, InvalidInputError."""
    held = _own(session, user_id, number)
    held.title = _title(title) or suggested_title(held.kind, held.address)
    held.note, held.changed_at = _note(note), now
    return held


def forget(session: Session, user_id: int, number: int) -> Kept:
    """Keep it no more; returns what it was, so that it can be kept again. Raises NotFoundError."""
    held = _own(session, user_id, number)
    session.delete(held)
    session.flush()
    return held


def _own(session: Session, user_id: int, number: int) -> Kept:
    wanted = select(Kept).where(Kept.id == number, Kept.user_id == user_id)
    found = session.scalar(wanted) if possible(number) else None
    if found is None:
        raise NotFoundError("Rien n’est gardé sous ce numéro dans votre compte.")
    return found


def _title(text: str) -> str:
    words = " ".join(visible(text).split())
    if len(words) > MAX_TITLE:
        raise InvalidInputError(f"Le titre dépasse {MAX_TITLE} signes.", "titre")
    return words


def _note(text: str) -> str:
    words = visible(text)
    if len(words) > MAX_NOTE:
        raise InvalidInputError(f"La note dépasse {MAX_NOTE} signes.", "note")
    return words


def kept_by(user_id: int) -> Select[Kept]:
    """What a person keeps, the newest first."""
    return (
        select(Kept).where(Kept.user_id == user_id).order_by(Kept.changed_at.desc(), Kept.id.desc())
    )


def is_kept(session: Session, user_id: int, address: str) -> bool:
    """Whether a person keeps this address."""
    wanted = select(Kept.id).where(Kept.user_id == user_id, Kept.address == tidy(address)[0])
    return session.scalar(wanted) is not None


def export_of(session: Session, email: str) -> dict[str, Any]:
    """What a person keeps, by their address."""
    rows = session.scalars(
        select(Kept).join(User, User.id == Kept.user_id).where(User.email == email)
        .order_by(Kept.id)
    ).all()  # fmt: skip
    kept = [
        {
            "adresse": row.address,
            "titre": row.title,
            "note": row.note,
            "garde_le": row.kept_at.isoformat(),
        }
        for row in rows
    ]
    return {"pages": kept} if kept else {}


def erase(session: Session, email: str) -> int:
    """Forget all that a person keeps, in the caller's transaction; returns how many."""
    user = select(User.id).where(User.email == email)
    gone = delete(Kept).where(Kept.user_id.in_(user)).returning(Kept.id)
    return len(session.scalars(gone).all())
