"""The pages of buyers."""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from annuaire.asking import arguments, today, values
from annuaire.contracts import buyers, shares
from annuaire.contracts.linked_data import organization
from annuaire.contracts.models import Buyer
from annuaire.contracts.presenting import buyer_url
from annuaire.contracts.queries import buyers_of_postcode
from annuaire.errors import NotFoundError
from annuaire.extensions import engine, session, settings
from annuaire.freshness import note_of_publications
from annuaire.listing import alert_url
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.queries import winners_from
from annuaire.paging import Page, address, page_number
from annuaire.web import suggestions_json

pages = Blueprint("buyers", __name__)

MAX_TYPED = 200  # characters
LAST_PAGE = 100_000


@pages.get("/acheteurs")
def search() -> str:
    """Buyers by name; those that published most first."""
    text = "".join(c if c.isprintable() else " " for c in _first("q"))[:MAX_TYPED]
    number = page_number(_digits("page"), LAST_PAGE, 1)
    found = buyers.find_buyers(session(), engine(), text, number)
    given = [(key, value) for key, value in arguments() if key == "q"]
    page = Page(
        found.buyers, found.total, page_number(number, found.total, buyers.PER_PAGE),
        buyers.PER_PAGE, lambda n: address("/acheteurs", given, page=n if n > 1 else None),
    )  # fmt: skip
    return render_template(
        "contracts/buyers.html",
        typed=text,
        page=page,
        known=found.known or found.total,
        canonical=settings().public_url + address("/acheteurs", given),
        read=note_of_publications(session()),
    )


@pages.get("/acheteurs/suggestions.json")
def suggested() -> BaseResponse:
    """Buyers whose names begin as what is being typed."""
    return suggestions_json(buyers.named_like(session(), engine(), _first("q")))


@pages.get("/acheteurs/<path:key>")  # keys made of names may hold a slash
def show(key: str) -> str | BaseResponse:
    """One buyer. Spaces in a SIRET are forgiven; a SIRET leads to the buyer's own address."""
    plain = re.sub(r"[\s.]", "", key)
    if plain != key and plain.isdigit():
        return redirect(url_for("buyers.show", key=plain), 301)
    buyer, day = buyers.by_key(session(), key), today()
    if buyer.key != key:
        return redirect(buyer_url(buyer.key), 301)
    years = buyers.years_of(session(), buyer)
    year = _year(years)
    total = sum(y.all for y in years if year in (None, y.year))
    number = page_number(_digits("page"), total, buyers.PER_PAGE)
    contracts = buyers.contracts_page(session(), buyer, day, year, number)
    chosen = [("annee", str(year))] if year else []
    url = buyer_url(buyer.key)
    base = settings().public_url
    return render_template(
        "contracts/buyer.html",
        buyer=buyer,
        place=buyers.place_of(buyer),
        page=Page(
            contracts, total, number, buyers.PER_PAGE,
            lambda n: address(url, chosen, page=n if n > 1 else None),
        ),
        years=[(y.year, y.all, address(url, [("annee", str(y.year))])) for y in years],
        year=year,
        url=url,
        page_url=base + url,
        lines=shares.lines(years),
        under_plan=shares.under_plan(years),
        whole=shares.whole(years),
        targets=shares.targets_known(),
        few=shares.FEW,
        clause_types=buyers.clause_types(session(), buyer),
        activities=buyers.activities_bought(engine(), buyer),
        winners=session().execute(winners_from(buyer.id)).all(),
        other_names=_other_names(buyer),
        asked=[("acheteur", buyer.key)],
        alert_url=alert_url("marches", [("acheteur", buyer.key)]),
        address=address,
        json_ld={"@context": "https://schema.org", **organization(buyer, base)},
    )  # fmt: skip


def _other_names(buyer: Buyer) -> list[Buyer]:
    """The buyers of the same postcode whose names mean the same, as « Ville de » and « Mairie »."""
    if not buyer.postcode:
        return []
    own = buyer_identity(buyer.name, buyer.postcode)
    near = session().scalars(buyers_of_postcode(buyer.postcode))
    return [b for b in near if b.id != buyer.id and buyer_identity(b.name, b.postcode) == own]


def _year(years: list[shares.Year]) -> int | None:
    """The year asked for. Raises NotFoundError for one without a contract."""
    asked = _first("annee").strip()
    if not asked:
        return None
    found = next((y.year for y in years if str(y.year) == asked), None)
    if found is None:
        raise NotFoundError(f"Cet acheteur n'a aucun marché connu de l'année « {asked[:20]} ».")
    return found


def _first(key: str) -> str:
    return values().get(key, [""])[0]


def _digits(key: str) -> str | None:
    asked = request.args.get(key, "")
    return asked if re.fullmatch(r"[0-9]{1,9}", asked) else None
