"""Notices as readers hand them over, of invented buyers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree

from annuaire.contracts.facts import NoticeFacts
from annuaire.contracts.reading import read_notice
from annuaire.contracts.records import AwardRecord, BuyerRecord, LotRecord, NoticeRecord

TOWN = BuyerRecord("Commune d'essai", siret="00009001900019", postcode="59000", city="Lille")
OTHER_TOWN = BuyerRecord("Autre commune d'essai", postcode="69003")
FOLDER = "5f3c1a2b-7d8e-4f90-a1b2-c3d4e5f60718"


def call(key: str = "26-1", **changes: Any) -> NoticeRecord:
    """A call of the town for cleaning, published on 4 May 2026, unless told otherwise."""
    record = NoticeRecord(
        source="boamp",
        source_key=key,
        title="Nettoyage des locaux de la mairie",
        nature="call",
        buyer=TOWN,
        published_on=date(2026, 5, 4),
        deadline=datetime(2026, 6, 12, 10, tzinfo=UTC),
        departements=("59",),
    )
    return replace(record, **changes)


def later(key: str, nature: str, days: int = 30, **changes: Any) -> NoticeRecord:
    """What follows the call, so many days after it; it cites nothing unless told so."""
    on = date.fromordinal(date(2026, 5, 4).toordinal() + days)
    return call(key, **{"nature": nature, "published_on": on, "deadline": None} | changes)


def lots(*named: str, **changes: Any) -> tuple[LotRecord, ...]:
    """Lots by number and title: `lots("1 Vitres", "2 Sols")`."""
    parts = (text.partition(" ") for text in named)
    return tuple(LotRecord(number, title, **changes) for number, _, title in parts)


def won(lot: str | None, winner: str, amount: float | None = None) -> AwardRecord:
    """A lot and who won it."""
    return AwardRecord(winner, amount, lot_number=lot)


def facts(*records: NoticeRecord) -> list[NoticeFacts]:
    """What is read in them."""
    return [read_notice(record).facts for record in records]


def damaged(text: str, place: int, value: str, *, drop: bool) -> bytes:
    """A notice in XML of which one element is dropped, or says something else."""
    root = etree.fromstring(text.encode())
    elements = list(root.iter(etree.Element))
    element = elements[place % len(elements)]
    if drop and element.getparent() is not None:
        element.getparent().remove(element)
    else:
        element.text = "".join(c for c in value if c.isprintable())
    return etree.tostring(root)
