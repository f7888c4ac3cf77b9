"""Sending a file: made whole on the disk first, then sent piece by piece.

So the memory stays the same for ten rows or fifty thousand, no transaction waits for a slow
reader, and what fails on the way is an error page, never half a file that looks whole.
"""

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import IO

from flask import Response, request, send_file

from annuaire.errors import NotFoundError
from annuaire.takeaway.covers import file_name
from annuaire.takeaway.formats import FORMATS, PAPERS
from annuaire.takeaway.paper import Paper
from annuaire.takeaway.tables import Cover, Table
from annuaire.wording import PARIS

SMALL = 1 << 20  # bytes kept in memory; more goes to a file without a name


def now() -> datetime:
    """This moment in Paris."""
    return datetime.now(PARIS)


def send_table(cover: Cover, table: Table, stem: str, ending: str, day: date) -> Response:
    """The table as a file to keep. Raises NotFoundError for a format that does not exist."""
    chosen = FORMATS.get(ending)
    if chosen is None:
        raise _no_format(ending, FORMATS)
    name = file_name(stem, day, ending)
    return _send(chosen.media_type, name, lambda out: chosen.write(out, cover, table))


def send_paper(paper: Paper, ending: str, day: date) -> Response:
    """The document as a file to keep. Raises NotFoundError for a format that does not exist."""
    chosen = PAPERS.get(ending)
    if chosen is None:
        raise _no_format(ending, PAPERS)
    name = file_name(paper.stem, day, ending)
    return _send(chosen.media_type, name, lambda out: chosen.write(out, paper))


def _no_format(ending: str, formats: Iterable[str]) -> NotFoundError:
    return NotFoundError(
        f"Le format « {ending[:20]} » n’existe pas : choisissez {', '.join(formats)}."
    )


def _send(media_type: str, name: str, write: Callable[[IO[bytes]], None]) -> Response:
    if request.method == "HEAD":  # what would be sent, without the work of making it
        response = Response(mimetype=media_type)
        response.headers.set("Content-Disposition", "attachment", filename=name)
        response.cache_control.no_cache = True  # as send_file says of the file itself
        response.cache_control.max_age = 0
        return _private(response)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(SMALL)  # noqa: SIM115 - closed with the answer
    try:
        write(out)
        out.seek(0)
        response = send_file(
            out, mimetype=media_type, as_attachment=True, download_name=name, max_age=0
        )
    except BaseException:
        out.close()
        raise
    return _private(response)


def _private(response: Response) -> Response:
    response.cache_control.private = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response
