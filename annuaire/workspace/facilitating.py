"""What a facilitator of social clauses looks after, territory by territory, by the site's own
searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.accounts.buying import territories_of
from annuaire.accounts.models import Territory
from annuaire.accounts.territories import territory_label
from annuaire.contracts.facts import PUSHED
from annuaire.contracts.models import Contract, Notice
from annuaire.contracts.presenting import card
from annuaire.contracts.search import TERRITORY, asked_contracts
from annuaire.contracts.sheets import WRITTEN_HERE
from annuaire.paging import address
from annuaire.structures.kinds import FAMILIES
from search.engine import Engine, EngineUnavailable, Hit, Hits, Terms
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, parse

SOON: Final = 5  # contracts shown of each territory, the next deadlines first
MOST_WRITTEN: Final = 500  # consultations of the whole site that are looked at, the newest first
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many a search finds, and the search."""

    words: str
    total: int
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a territory holds: open contracts with a social clause (`soon`: those whose deadline
    comes first), structures in all and by family, open consultations that buyers wrote here."""

    contracts: int
    soon: Sequence[Mapping[str, Any]]
    structures: int
    families: Sequence[Counted]
    written: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Watched:
    """A territory granted, with its searches; `found` is None while the search is away."""

    label: str
    contracts_path: str
    alert_path: str
    structures_path: str
    serving_path: str
    found: Found | None


def watched_by(session: Session, engine: Engine, user_id: int, today: date) -> list[Watched]:
    """The territories granted to a person, in the order in which they asked for them."""
    granted = territories_of(user_id).where(Territory.granted_at.is_not(None))
    codes = [territory.code for territory in session.scalars(granted)]
    references = session.scalars(_written_here()).all() if codes else ()
    return [_watched(engine, code, references, today) for code in codes]


def _written_here() -> Select[str]:
    """The contracts that buyers published by this site and that are not over, the newest first."""
    own = select(Notice.contract_id).where(
        Notice.source == PUSHED, Notice.source_key.startswith(WRITTEN_HERE, autoescape=True)
    )
    return (
        select(Contract.reference)
        .where(Contract.id.in_(own), Contract.state == "published")
        .order_by(Contract.published_on.desc(), Contract.id.desc())
        .limit(MOST_WRITTEN)
    )


def _watched(engine: Engine, code: str, references: Sequence[str], today: date) -> Watched:
    asked = (("lieu", code), ("social", "oui"), ("etat", "ouvert"))
    try:
        found = _found(engine, code, asked, references, today)
    except EngineUnavailable:
        found = None
    return Watched(
        label=territory_label(code),
        contracts_path=address("/marches", [*asked, ("tri", "echeance")]),
        alert_path=address(
            "/alertes/nouvelle", [("sorte", "marches"), ("recherche", urlencode(asked))]
        ),
        structures_path=address("/structures", [("lieu", code)]),
        serving_path=address("/structures", [("intervient", code)]),
        found=found,
    )


def _found(
    engine: Engine, code: str, asked: Pairs, references: Sequence[str], today: date
) -> Found:
    contracts = _contracts(engine, asked, today)
    place = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, {"lieu": [code]})
    structures = engine.search("structures", place.query(today, facets=("families",), per_page=0))
    written: Sequence[Hit] = ()
    if references:
        open_ones = (("lieu", code), ("etat", "ouvert"))
        only = Terms("reference", tuple(references))
        written = _contracts(engine, open_ones, today, only).hits
    return Found(
        contracts=contracts.total,
        soon=[card(hit, today) for hit in contracts.hits],
        structures=structures.total,
        families=[
            Counted(label, count, address("/structures", [("lieu", code), ("famille", family)]))
            for family, label in FAMILIES.items()
            if (count := structures.facets["families"].get(family))
        ],
        written=[card(hit, today) for hit in written],
    )


def _contracts(engine: Engine, asked: Pairs, today: date, *extra: Terms) -> Hits:
    """The first contracts of a search, the next deadline first. Raises EngineUnavailable."""
    search = asked_contracts(engine, {key: [value] for key, value in (*asked, ("tri", "echeance"))})
    query = search.query(today, per_page=SOON, extra=extra, territory_field=TERRITORY)
    return engine.search("contracts", query)
