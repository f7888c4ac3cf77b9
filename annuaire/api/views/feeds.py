"""/flux: the newest contracts and structures of a search, as JSON Feed and Atom."""

from dataclasses import replace
from typing import Final

import orjson
from flask import Response, request

from annuaire.api.feeds.atom import MEDIA_TYPE as ATOM
from annuaire.api.feeds.atom import atom_feed
from annuaire.api.feeds.items import Feed, Item, contract_item, structure_item
from annuaire.api.feeds.json_feed import MEDIA_TYPE as JSON_FEED
from annuaire.api.feeds.json_feed import json_feed
from annuaire.api.refusals import refused_query
from annuaire.api.views.answering import kept
from annuaire.api.views.base import PREFIX, for_programs
from annuaire.asking import arguments, today, values
from annuaire.contracts.search import asked_contracts
from annuaire.contracts.service import whole_by_ids as contracts_by_ids
from annuaire.extensions import engine, places, session, settings
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.structures.queries import newest_structures
from annuaire.structures.reading import full_by_ids as structures_by_ids
from annuaire.takeaway.covers import in_words
from annuaire.takeaway.finding import TERRITORY, find_all
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, InputError, Search, parse

ITEMS: Final = 50
MAX_TITLE: Final = 200  # characters
#: Of more structures than this, the newest cannot be told without reading them all.
MOST: Final = 5_000
TOO_WIDE: Final = (
    f"Cette recherche trouve plus de {MOST} structures : ajoutez un filtre pour la suivre, ou "
    "suivez tout l’annuaire sans filtre."
)
#: What is followed when nothing is asked.
ALL_CLAUSES: Final = (("social", "oui"),)

feeds = for_programs("feeds", "/flux")


@feeds.get("/marches.json")
def contracts_json() -> Response:
    """The newest contracts of a search; of all, those with a social clause."""
    return _json(_contracts())


@feeds.get("/marches.atom")
def contracts_atom() -> Response:
    """The same, as Atom."""
    return _atom(_contracts())


@feeds.get("/structures.json")
def structures_json() -> Response:
    """The structures that entered the register last, among those of a search."""
    return _json(_structures())


@feeds.get("/structures.atom")
def structures_atom() -> Response:
    """The same, as Atom."""
    return _atom(_structures())


def _json(feed: Feed) -> Response:
    written = orjson.dumps(json_feed(feed, f"{settings().public_url}{PREFIX}/docs"))
    return _linked(Response(written, mimetype=JSON_FEED), feed)


def _atom(feed: Feed) -> Response:
    return _linked(Response(atom_feed(feed), content_type=f"{ATOM}; charset=utf-8"), feed)


def _linked(response: Response, feed: Feed) -> Response:
    """The answer with what WebSub (4) asks: its own address, and that of the hub if there is
    one."""
    links = [f'<{feed.url}>; rel="self"']
    if feed.hub:
        links.append(f'<{feed.hub}>; rel="hub"')
    response.headers["Link"] = ", ".join(links)
    return kept(response)


def _contracts() -> Feed:
    day = today()
    asked = asked_contracts(
        engine(), values() or {key: [value] for key, value in ALL_CLAUSES}, places()
    )
    if asked.errors:
        raise refused_query(asked.errors)
    newest = replace(asked, sort="newest", page=1)
    query = newest.query(day, per_page=ITEMS, territory_field=TERRITORY["contracts"])
    hits = engine().search("contracts", replace(query, highlight=False)).hits
    ids = [int(hit.id) for hit in hits]
    held, url = contracts_by_ids(session(), ids), settings().public_url
    items = [contract_item(held[id_], day, url) for id_ in ids if id_ in held]
    return _feed("Marchés", "/marches", asked, items)


def _structures() -> Feed:
    day, titles, url = today(), source_titles(), settings().public_url
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values(), places())
    if asked.errors:
        raise refused_query(asked.errors)
    among = None
    if values():
        found = find_all(engine(), "structures", asked, day, limit=MOST)
        if found.total > MOST:
            raise refused_query([InputError("q", TOO_WIDE)])
        among = [wanted.id for batch in found.batches for wanted in batch]
    ids = session().scalars(newest_structures(ITEMS, among)).all()
    held = structures_by_ids(session(), ids)
    items = [structure_item(held[id_], day, titles, url) for id_ in ids if id_ in held]
    return _feed("Nouvelles structures", "/structures", asked, items)


def _feed(name: str, page: str, asked: Search, items: list[Item]) -> Feed:
    criteria = [(label, words) for label, words in in_words(asked) if label != "Ordre"]
    told = " ; ".join(f"{label} : {words}" for label, words in criteria)
    given = [(key, value) for key, value in arguments() if key not in ("page", "tri")]
    shown = given or ([*ALL_CLAUSES] if page == "/marches" else [])
    base = settings().public_url
    return Feed(
        title=f"{name} – {told}"[:MAX_TITLE],
        description=f"{told}. Les {ITEMS} derniers, du plus récent au plus ancien.",
        url=base + address(request.path, given),
        page_url=base + address(page, shown),
        day=today(),
        items=tuple(items),
        hub=settings().websub_hub,
    )
