"""A file that a structure sends, opened in a process of its own under limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Final, Literal

from annuaire.helper_process import run_helper
from annuaire.profiles.uploads.refusals import MEMORY_MB, SECONDS, SIZE_MB, FileRefusedError

Kind = Literal["picture", "proof"]
AT_ONCE: Final = 2  # files that one serving process opens at the same time
WAIT: Final = 5.0  # seconds for one's turn
_WORKER: Final = Path(__file__).with_name("worker.py")
_PLACES = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is to be kept of a file: its bytes by width in px; under 0, a PDF."""

    media_type: str
    files: Mapping[int, bytes]


def opened(file: IO[bytes], kind: Kind) -> Opened:
    """A picture made again, or a proof that was looked at. `file` has a number of its own on the
    system (no BytesIO). Raises FileRefusedError."""
    size = file.seek(0, 2)
    if not 0 < size <= SIZE_MB << 20:
        raise FileRefusedError("too_large" if size else "empty")
    if not _PLACES.acquire(timeout=WAIT):
        raise FileRefusedError("busy")
    try:
        asked = {"kind": kind, "seconds": SECONDS, "memory_mb": MEMORY_MB, "size_mb": SIZE_MB}
        return _answer(run_helper(_WORKER, asked, file, SECONDS))
    finally:
        _PLACES.release()


def _answer(data: bytes) -> Opened:
    """What the helper wrote; when it was stopped, nothing or a part."""
    head, _, rest = data.partition(b"\n")
    try:
        told = json.loads(head)
    except json.JSONDecodeError:
        raise FileRefusedError("too_heavy") from None
    if "refused" in told:
        raise FileRefusedError(told["refused"])
    if len(rest) != sum(told["lengths"].values()):
        raise FileRefusedError("too_heavy")
    files, start = {}, 0
    for width, length in told["lengths"].items():
        files[int(width)] = rest[start : start + length]
        start += length
    return Opened(told["media_type"], files)
