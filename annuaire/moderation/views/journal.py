"""The log of acts, to read and to take away."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, stream_with_context

from annuaire.cells import csv_cell
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.listing import FormValues
from annuaire.moderation import journal
from annuaire.moderation.wording import OBJECTS, act_label
from annuaire.paging import Page, address, page_number
from annuaire.sql import count_rows
from search.filters import InputError

pages = Blueprint("journal", __name__)

PATH = "/moderation/journal"
FIELDS = ("personne", "objet", "numero", "du", "au")
COLUMNS = ("date", "personne", "acte", "objet", "numero", "raison", "details")


@pages.get(PATH)
def show() -> tuple[str, int]:
    """The acts, the newest first."""
    given = FormValues({name: request.args.get(name, "") for name in FIELDS})
    errors: list[InputError] = []
    asked = journal.Asked()
    try:
        asked = journal.read(session(), given)
    except InvalidInputError as error:
        errors.append(InputError(error.field or "", error.message))
    total = count_rows(session(), journal.entries(asked))
    number = page_number(request.args.get("page"), total, journal.PER_PAGE)
    wanted = journal.entries(asked).offset((number - 1) * journal.PER_PAGE)
    rows = session().scalars(wanted.limit(journal.PER_PAGE)).all()
    kept = [(name, value) for name, value in given.items() if value]
    page = Page(rows, total, number, journal.PER_PAGE, lambda n: address(PATH, kept, page=n))
    body = render_template(
        "moderation/journal.html", page=page, form=given, errors=errors, label=act_label,
        kinds=OBJECTS, objects=[("", "tous"), *OBJECTS.items()],
        csv_url=address(f"{PATH}.csv", kept),
        names=journal.names(session(), {row.actor_id for row in rows if row.actor_id}),
    )  # fmt: skip
    return body, 400 if errors else 200


@pages.get(f"{PATH}.csv")
def export() -> Response:
    """The same acts as a file."""
    asked = journal.read(session(), request.args)
    response = Response(stream_with_context(_lines(asked)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response


def _lines(asked: journal.Asked) -> Iterator[str]:
    """The rows, as text. What is streamed reads by a session of its own: that of the view is
    closed by then, and would begin again as one that writes."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in journal.every(reading(session()), asked):
        details = "; ".join(f"{name}={value}" for name, value in entry.details.items())
        cells = (entry.at.isoformat(), entry.actor_id, act_label(entry.action),
                 entry.object_kind, entry.object_id, entry.reason, details)  # fmt: skip
        writer.writerow([csv_cell(cell) for cell in cells])
        if written.tell() > 60_000:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()
