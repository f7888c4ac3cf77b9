"""Sending a file: made whole on the disk first, then sent piece by piece.

So the memory stays the same for ten rows or fifty thousand, no transaction waits for a slow
reader, and what fails on the way is an error page, never half a file that looks whole.
"""

import tempfile
from datetime import date, datetime
from typing import IO

from flask import Response, request, send_file

from annuaire.errors import NotFoundError
from annuaire.takeaway.covers import file_name
from annuaire.takeaway.formats import FORMATS
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
        raise NotFoundError(
            f"Le format « {ending[:20]} » n’existe pas : choisissez {', '.join(FORMATS)}."
        )
    if request.method == "HEAD":  # what would be sent, without the work of making it
        response = Response(mimetype=chosen.media_type)
        name = file_name(stem, day, ending)
        response.headers.set("Content-Disposition", "attachment", filename=name)
        response.cache_control.no_cache = True  # as send_file says of the file itself
        response.cache_control.max_age = 0
        return _private(response)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(SMALL)  # noqa: SIM115 - closed with the answer
    try:
        chosen.write(out, cover, table)
        out.seek(0)
        response = send_file(
            out,
            mimetype=chosen.media_type,
            as_attachment=True,
            download_name=file_name(stem, day, ending),
            max_age=0,
        )
    except BaseException:
        out.close()
        raise
    return _private(response)


def _private(response: Response) -> Response:
    response.cache_control.private = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response
