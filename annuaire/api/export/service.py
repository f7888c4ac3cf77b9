"""The export made in a folder, and put in the place of the one of before all at once."""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy.orm import Session

from annuaire.api.export.contents import Source
from annuaire.api.export.describing import LICENCE, SCHEMAS, json_schema, manifest
from annuaire.api.export.files import Written, kinds, sha256_of, write_file
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.structures.samples import has_samples
from annuaire.takeaway.covers import CLAUSES, GUESSES
from annuaire.takeaway.sourcing import contract_sources, sources_read, structure_sources
from annuaire.takeaway.tables import Cover, SourceRead
from annuaire.wording import PARIS
from importers.descriptions import DESCRIPTIONS

CURRENT: Final = "current"  # a link to the folder of the newest export
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
_MADE: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_DRAFT: Final = ".draft-"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the export needs beside the database."""

    now: datetime
    titles: Mapping[str, str]
    public_url: str


def export(
    session: Session,
    folder: Path,
    setting: Setting,
    on_file: Callable[[Written], None] = lambda _: None,
) -> dict[str, Any]:
    """Write every file of one state of the database into a folder of its own, then lead `current`
    to it. Returns the manifest. A reader finds one export whole, or the other.

    Raises InvalidInputError for a folder that holds something else.
    """
    _check(folder)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{_DRAFT}{secrets.token_hex(4)}"
    draft.mkdir()
    try:
        told = _write(session, draft, setting, on_file)
        name = f"{setting.now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        draft.rename(folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    former = current(folder)
    _lead(folder, name)
    _sweep(folder, {name, former.name if former else name})
    return told


def current(folder: Path) -> Path | None:
    """The folder of the newest export; None when there is none."""
    link = folder / CURRENT
    return link.resolve() if (link / MANIFEST).is_file() else None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of the newest export; None when there is none."""
    try:
        found: dict[str, Any] = orjson.loads((folder / CURRENT / MANIFEST).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found


def _check(folder: Path) -> None:
    if not folder.exists():
        return
    strange = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else [folder])
        if not (path.name == CURRENT or _MADE.fullmatch(path.name) or path.name.startswith(_DRAFT))
    ]
    if strange:
        raise InvalidInputError(
            f"« {folder} » contient autre chose que des exports ({strange[0]}) : choisissez un "
            "dossier vide, ou celui d'un export."
        )


def _write(
    session: Session, draft: Path, setting: Setting, on_file: Callable[[Written], None]
) -> dict[str, Any]:
    session.rollback()
    reading(session)  # all files are of one state
    today = setting.now.astimezone(PARIS).date()
    source = Source(session, today, setting.titles, setting.public_url)
    of_structures = sources_read(session, structure_sources(), DESCRIPTIONS)
    of_contracts = sources_read(session, contract_sources(), DESCRIPTIONS)
    samples = has_samples(session)
    files = []
    for kind in kinds():
        of = of_structures if kind.about == "structures" else of_contracts
        files.append(write_file(draft, kind, source, _cover(kind.about, of, setting)))
        on_file(files[-1])
    session.rollback()
    for name in SCHEMAS:
        _dump(draft / name, json_schema(name, setting.public_url))
    everything = (*of_structures, *of_contracts)
    by_source = "".join(f"\n{s.title}, {s.publisher} : {s.licence}." for s in everything)
    (draft / "LICENCE.txt").write_text(f"{LICENCE}{by_source}\n", encoding="utf-8")
    told = manifest(files, everything, setting.now, setting.public_url, samples=samples)
    _dump(draft / MANIFEST, told)
    named = sorted(path for path in draft.iterdir())
    sums = "".join(f"{sha256_of(path)}  {path.name}\n" for path in named)
    (draft / SUMS).write_text(sums, encoding="ascii")
    for path in draft.iterdir():
        _flush(path)
    _flush(draft)
    return told


def _cover(about: str, sources: tuple[SourceRead, ...], setting: Setting) -> Cover:
    title = "Structures inclusives" if about == "structures" else "Marchés publics et leurs clauses"
    notes = (GUESSES,) if about == "structures" else (CLAUSES,)
    lines = (("Critères", "aucun : tout l’annuaire"),)
    return Cover(title, setting.now, lines, sources, notes)


def _dump(path: Path, value: Any) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _lead(folder: Path, name: str) -> None:
    link = folder / f"{_DRAFT}{secrets.token_hex(4)}"
    link.symlink_to(name)
    link.replace(folder / CURRENT)
    _flush(folder)


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove the exports of before but the last one, which may be being sent, and what a killed
    one left."""
    for path in folder.iterdir():
        if path.name not in {CURRENT, *kept}:
            shutil.rmtree(path, ignore_errors=True)
