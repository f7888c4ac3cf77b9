"""Files on the disk, under the SHA-256 of what they hold: written once, whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Container, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

FOLDER: Final = "uploads"  # of the data folder: to be saved with the database


def path_of(data_dir: Path, sha256: str, width: int) -> Path:
    """Where a file is; `width` is 0 for a PDF."""
    return data_dir / FOLDER / sha256[:2] / f"{sha256}-{width}"


def keep(data_dir: Path, files: Mapping[int, bytes]) -> str:
    """Write the widths of one file; returns its name, the SHA-256 of the widest. What is there
    already is not written again, and counts as new: nobody then takes it for forgotten."""
    sha256 = hashlib.sha256(files[max(files)]).hexdigest()
    for width, data in files.items():
        path = path_of(data_dir, sha256, width)
        if path.exists():
            path.touch()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
    return sha256


def _write(path: Path, data: bytes) -> None:
    """Beside, then renamed: nobody reads half a file, and two writers write the same."""
    number, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o640)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def remove_others(data_dir: Path, kept: Container[str], before: datetime) -> int:
    """Delete the files written before a moment whose SHA-256 is not among `kept`, and what a
    process that was killed left half written; returns how many."""
    count = 0
    for path in (data_dir / FOLDER).glob("*/*"):
        sha256 = path.name.partition("-")[0]
        if sha256 not in kept and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count
