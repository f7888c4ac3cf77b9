"""The addresses of the pages for search engines, as sitemaps.org wants them, streamed.

A sitemap holds a range of identifiers, so that it stays the same file while structures come and
go, holds 50,000 addresses at most, and is read by pages of the primary key.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, stream_with_context
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Buyer, Contract
from annuaire.db import reading
from annuaire.errors import NotFoundError
from annuaire.extensions import session, settings
from annuaire.sitemap_subjects import Newest, activity_pages, territory_pages
from annuaire.sql import possible
from annuaire.structures.models import Structure

pages = Blueprint("sitemaps", __name__)

PER_SITEMAP: Final = 50_000  # the protocol's limit
PAGE: Final = 2_000
AN_HOUR: Final = 3_600  # seconds
XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _structures() -> Select[int, str, datetime]:
    """Those that are listed: neither ended nor withdrawn."""
    return select(Structure.id, Structure.key, Structure.updated_at).where(
        Structure.ended_on.is_(None), Structure.withdrawn_on.is_(None)
    )


def _contracts() -> Select[int, str, datetime]:
    return select(Contract.id, Contract.reference, Contract.updated_at)


def _buyers() -> Select[int, str, datetime]:
    """Those that published something, each with when one of its contracts changed last."""
    return (
        select(Buyer.id, Buyer.key, func.max(Contract.updated_at))
        .join(Contract, Contract.buyer_id == Buyer.id)
        .group_by(Buyer.id, Buyer.key)
    )


#: By name of sitemap: what it lists, and the path of a page.
KINDS: Final[dict[str, tuple[Callable[[], Select[int, str, datetime]], str]]] = {
    "structures": (_structures, "/structures/"),
    "marches": (_contracts, "/marches/"),
    "acheteurs": (_buyers, "/acheteurs/"),
}


#: By name of sitemap: the paths of its pages. Both stay under the protocol's limit: 40,000 pages
#: when every commune has a structure, 17,000 when every activity has one in every département.
SUBJECTS: Final[dict[str, Callable[[Session], Newest]]] = {
    "activites": activity_pages,
    "territoires": territory_pages,
}


@pages.get("/sitemap.xml")
def index() -> Response:
    """The index of sitemaps, each with the day of its newest page."""
    base = settings().public_url
    lines = [
        _entry(f"{base}/sitemaps/{name}.xml", max(found.values()))
        for name, pages_of in SUBJECTS.items()
        if (found := pages_of(session()))
    ]
    lines += [
        _entry(f"{base}/sitemaps/{kind}-{number}.xml", newest)
        for kind, (listed, _path) in KINDS.items()
        for number, newest in session().execute(_ranges(listed()))
    ]
    return _xml([XML, f"<sitemapindex {NAMESPACE}>\n", "\n".join(lines), "\n</sitemapindex>\n"])


def _entry(url: str, newest: datetime) -> str:
    return f"<sitemap><loc>{escape(url)}</loc><lastmod>{_day(newest)}</lastmod></sitemap>"


def _ranges(listed: Select[int, str, datetime]) -> Select[int, datetime]:
    """The sitemaps that hold something, from 1, with the date of their newest page."""
    rows = listed.subquery()
    id_, _name, updated = rows.c
    number = ((id_ - 1) // PER_SITEMAP + 1).label("number")
    return select(number, func.max(updated)).group_by(number).order_by(number)


@pages.get("/sitemaps/<kind>-<int:number>.xml")
def sitemap(kind: str, number: int) -> Response:
    """One sitemap. Raises NotFoundError for one that the index does not name."""
    first, last = (number - 1) * PER_SITEMAP, number * PER_SITEMAP
    if kind not in KINDS or not possible(last):
        raise NotFoundError("Ce plan de site n'existe pas.")
    listed, path = KINDS[kind]
    rows = _rows(listed(), first, last)
    begun = next(rows, None)
    if begun is None:
        raise NotFoundError("Ce plan de site n'existe pas.")
    lines = _urls(f"{settings().public_url}{path}", begun, rows)
    return _xml(stream_with_context(lines))


@pages.get("/sitemaps/<any(activites, territoires):name>.xml")
def subjects(name: str) -> Response:
    """The pages of activities or of territories; none when no structure is listed."""
    found = sorted(SUBJECTS[name](session()).items())
    rows = [(0, path, newest) for path, newest in found]
    return _xml(_urls(settings().public_url, rows, iter(())))


def _rows(listed: Select[int, str, datetime], after: int, last: int) -> Iterator[Sequence[Any]]:
    """Pages of (id, name, date) whose id is in (after, last]."""
    id_ = listed.selected_columns[0]
    while True:
        page = listed.where(id_ > after, id_ <= last).order_by(id_).limit(PAGE)
        rows = reading(session()).execute(page).all()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _urls(base: str, first: Sequence[Any], rest: Iterator[Sequence[Any]]) -> Iterator[str]:
    yield f"{XML}<urlset {NAMESPACE}>\n"
    page: Sequence[Any] | None = first
    while page:
        yield "".join(
            f"<url><loc>{escape(base + quote(name, safe=':/'))}</loc>"
            f"<lastmod>{_day(updated)}</lastmod></url>\n"
            for _id, name, updated in page
        )
        page = next(rest, None)
    yield "</urlset>\n"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _xml(body: Iterator[str] | list[str]) -> Response:
    response = Response(body, mimetype="application/xml")
    response.cache_control.public = True
    response.cache_control.max_age = AN_HOUR
    return response
