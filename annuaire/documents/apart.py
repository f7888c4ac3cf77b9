"""A document read in a process of its own, under limits, from memory: it has no name on the disk,
so that nothing of it stays whatever happens."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Final

import orjson

from annuaire.documents.analysing import Analysis
from annuaire.documents.limits import Limits
from annuaire.documents.packing import unpacked
from annuaire.documents.refusals import DocumentRefusedError
from annuaire.documents.text import Kind
from annuaire.errors import AnnuaireError
from annuaire.helper_process import run_helper

AT_ONCE: Final = 2  # documents that one serving process reads at the same time
WAIT: Final = 5.0  # seconds for one's turn; longer would hold the threads that serve pages
_WORKER: Final = Path(__file__).with_name("worker.py")
_PLACES = BoundedSemaphore(AT_ONCE)
BUSY: Final = (
    "Plusieurs documents sont en cours de lecture : rien du vôtre n’a été gardé, renvoyez-le dans "
    "une minute."
)


class Busy(AnnuaireError):  # noqa: N818 - says that one has to come back
    """As many documents are read as may be."""


def analysis_of(file: IO[bytes], limits: Limits, kind: Kind | None = None) -> Analysis:
    """What a document states; `kind` when it is known. `file` has a number of its own on the
    system (no BytesIO). Raises DocumentRefusedError, and Busy when too many are read at once."""
    if not _PLACES.acquire(timeout=WAIT):
        raise Busy(BUSY)
    try:
        return _run(file, limits, kind)
    finally:
        _PLACES.release()


def analysis_of_bytes(data: bytes, limits: Limits, kind: Kind | None = None) -> Analysis:
    """The same, for what is already in memory."""
    with tempfile.TemporaryFile() as held:
        held.write(data)
        return analysis_of(held, limits, kind)


def _run(file: IO[bytes], limits: Limits, kind: Kind | None) -> Analysis:
    if file.seek(0, 2) > limits.size:
        raise DocumentRefusedError("too_large", limits)
    asked = {"limits": asdict(limits), "kind": kind}
    return _answer(run_helper(_WORKER, asked, file, limits.seconds), limits)


def _answer(data: bytes, limits: Limits) -> Analysis:
    """What the helper wrote; when it was stopped, nothing or a beginning."""
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise DocumentRefusedError("too_heavy", limits) from None
    if "refused" in told:
        raise DocumentRefusedError(told["refused"], limits)
    return unpacked(told)
