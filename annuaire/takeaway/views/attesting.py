"""The dated attestation of one number: printable, with its fingerprint and its own address."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.extensions import settings
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label
from annuaire.takeaway.attestation import Statement, seal, statement, unseal
from annuaire.takeaway.checking import Checked
from annuaire.takeaway.verdicts import VERDICTS
from annuaire.takeaway.views.checking import PATH, answer_for
from annuaire.takeaway.views.sending import now

pages = Blueprint("attesting", __name__)


@pages.get(f"{PATH}/<number>/attestation")
def show(number: str) -> str | BaseResponse:
    """An attestation by its own address (`emise`); without one, a new one is made, of the present
    number of an establishment that moved."""
    found = answer_for(number)
    digits, key = found.asked.number.digits, settings().secret_key
    path = f"{PATH}/{digits}/attestation"
    token = request.args.get("emise", "")
    if not token and found.moved_to:
        return redirect(f"{PATH}/{found.moved_to}/attestation", 302)
    current = statement(found, now())
    if not token or digits != number:
        return redirect(address(path, [], emise=token or seal(current, key)), 302)
    said = unseal(token, key, digits)
    same = said.same_as(current) and not found.moved_to
    return render_template(
        "takeaway/attestation.html", **_shown(said, found), same=same,
        own_url=f"{settings().public_url}{address(path, [], emise=token)}", path=path,
    )  # fmt: skip


def _shown(said: Statement, found: Checked) -> dict[str, Any]:
    titles = source_titles()
    return {
        "said": said,
        "verdict": VERDICTS[said.verdict],
        "statuses": [
            {
                "label": kind_label(status.kind),
                "family": FAMILIES[KINDS[status.kind].family] if status.kind in KINDS else "",
                "status": status,
                "source": titles.get(status.source, status.source),
            }
            for status in said.statuses
        ],
        "now": VERDICTS[found.verdict],
    }
