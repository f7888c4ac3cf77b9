"""The files of profiles: kept, put on the page or taken off it, read, forgotten. In the caller's
transaction."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.profiles import queries, service
from annuaire.profiles.cleaning import line
from annuaire.profiles.models import Profile, ProfileEdit, ProfileFile
from annuaire.profiles.uploads.apart import Kind, Opened
from annuaire.profiles.uploads.store import keep, path_of, remove_others
from annuaire.sql import among
from annuaire.structures.models import Structure

MAX_PHOTOS: Final = 12
MAX_FILES: Final = 200  # of one structure, those that its history names among them
MAX_ALT: Final = 200
UNNAMED: Final = timedelta(days=30)
BY_PARTS: Final = {"yield_per": 500}  # of every history: never whole in memory
Role = Literal["logo", "photo"]


def keep_file(
    session: Session, data_dir: Path, structure: Structure, found: Opened, kind: Kind, name: str
) -> ProfileFile:
    """Keep a file for a structure; the one that it has already when it is the same. Raises
    InvalidInputError past MAX_FILES."""
    profile = service.own_profile(session, structure)
    count = select(func.count()).select_from(ProfileFile)
    if (session.scalar(count.where(ProfileFile.profile_id == profile.id)) or 0) >= MAX_FILES:
        raise InvalidInputError(
            f"Cette fiche a déjà {MAX_FILES} fichiers, historique compris : écrivez à la "
            "modération pour en effacer.",
            "fichier",
        )
    sha256 = keep(data_dir, found.files)
    session.execute(
        insert_for(session, ProfileFile.__table__)
        .values(
            profile_id=profile.id,
            kind=kind,
            sha256=sha256,
            media_type=found.media_type,
            name=line(name)[:100] or "fichier",
            size=sum(map(len, found.files.values())),
            widths=sorted(found.files),
            created_at=datetime.now(UTC),
        )
        .on_conflict_do_nothing(index_elements=["profile_id", "kind", "sha256"])
    )
    wanted = select(ProfileFile).where(
        ProfileFile.profile_id == profile.id,
        ProfileFile.kind == kind,
        ProfileFile.sha256 == sha256,
    )
    return session.scalars(wanted).one()


def add_picture(
    session: Session,
    structure: Structure,
    kept: ProfileFile,
    role: Role,
    alt: str,
    author_id: int | None,
    today: date,
) -> ProfileEdit | None:
    """Put a picture on the page, as its logo or among its photos; `alt` says what it shows.
    Raises InvalidInputError."""
    said = line(alt)[: MAX_ALT + 1]
    if not said or len(said) > MAX_ALT:
        raise InvalidInputError(
            f"Dites ce que montre l’image, en {MAX_ALT} signes au plus : c’est lu à qui ne la voit "
            "pas.",
            "texte",
        )
    held = service.held(session, structure.id)
    shown: dict[str, Any] = {
        "file": kept.id, "sha256": kept.sha256, "widths": kept.widths, "alt": said,
    }  # fmt: skip
    photos = list(held.content.get("photos", ()))
    if role == "logo":
        values: Mapping[str, Any] = {"logo": shown}
    else:
        others = [photo for photo in photos if photo["sha256"] != kept.sha256]
        if len(others) >= MAX_PHOTOS:
            raise InvalidInputError(f"{MAX_PHOTOS} photos au plus : retirez-en une.", "fichier")
        values = {"photos": [*others, shown]}
    return service.edit(session, structure, "photos", values, held.version, author_id, today)


def take_picture_off(
    session: Session, structure: Structure, sha256: str, author_id: int | None, today: date
) -> ProfileEdit | None:
    """Take a picture off the page; its history may put it back."""
    held = service.held(session, structure.id)
    photos = [photo for photo in held.content.get("photos", ()) if photo["sha256"] != sha256]
    values: dict[str, Any] = {"photos": photos or None}
    if (held.content.get("logo") or {}).get("sha256") == sha256:
        values["logo"] = None
    return service.edit(session, structure, "photos", values, held.version, author_id, today)


def public_picture(session: Session, data_dir: Path, sha256: str, width: int) -> Path:
    """The file of a picture that a page shows now. Raises NotFoundError for any other."""
    rows = session.execute(
        select(ProfileFile.widths, Profile.content)
        .join(Profile, Profile.id == ProfileFile.profile_id)
        .where(ProfileFile.sha256 == sha256, ProfileFile.kind == "picture")
        .order_by(ProfileFile.id)
    )
    for widths, content in rows:
        shown = [content.get("logo") or {}, *content.get("photos", ())]
        if width in widths and any(each.get("sha256") == sha256 for each in shown):
            return path_of(data_dir, sha256, width)
    raise NotFoundError("Aucune page ne montre plus cette image.")


def proof(
    session: Session, data_dir: Path, structure: Structure, file_id: int
) -> tuple[ProfileFile, Path]:
    """A proof of a structure, with its file. Raises NotFoundError."""
    kept = next(
        (each for each in files_of(session, structure) if each.id == file_id), None
    )  # some dozens at most
    if kept is None or kept.kind != "proof":
        raise NotFoundError("Ce justificatif n’existe pas, ou il est d’une autre structure.")
    return kept, path_of(data_dir, kept.sha256, max(kept.widths))


def files_of(session: Session, structure: Structure) -> list[ProfileFile]:
    """The files of a structure's profile."""
    return list(session.scalars(queries.files_of(structure.id)))


def forget_unnamed(session: Session, now: datetime) -> int:
    """Forget the files sent more than UNNAMED ago that neither a profile nor its history names: an
    answer was wrong, and the form was left; returns how many."""
    old = session.execute(
        select(ProfileFile.id, ProfileFile.profile_id)
        .where(ProfileFile.created_at < now - UNNAMED)
        .order_by(ProfileFile.id)
    ).all()
    profiles = {row.profile_id for row in old}
    named: set[int] = set()
    contents = select(Profile.content).where(among(Profile.id, profiles))
    for content in session.scalars(contents, execution_options=BY_PARTS):
        named.update(_named_in(content.items()))
    diffs = select(ProfileEdit.diff).where(among(ProfileEdit.profile_id, profiles))
    for diff in session.scalars(diffs, execution_options=BY_PARTS):
        named.update(_named_in((name, value) for name, pair in diff.items() for value in pair))
    gone = [row.id for row in old if row.id not in named]
    session.execute(delete(ProfileFile).where(among(ProfileFile.id, gone)))
    return len(gone)


def remove_forgotten(session: Session, data_dir: Path, now: datetime) -> int:
    """Delete from the disk what no row names any more; after the transaction that forgot it."""
    kept = set(session.scalars(select(ProfileFile.sha256)))
    return remove_others(data_dir, kept, now - UNNAMED)


def _named_in(values: Iterable[tuple[str, Any]]) -> Iterator[int]:
    for name, value in values:
        if name == "logo" and value:
            yield value["file"]
        elif name == "photos":
            yield from (photo["file"] for photo in value or ())
        elif name == "qualifications":
            yield from (row["proof"] for row in value or () if "proof" in row)
