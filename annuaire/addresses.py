"""What the national address base (BAN) answered, kept: each address is asked once.

A place that was found is kept for good. « Not found » is kept too, and asked again after
`NOT_FOUND_DAYS`: new streets come into the base every week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from annuaire.db import AwareDateTime, Base, insert_for
from annuaire.geo.geocoder import Geocoded
from annuaire.sql import among
from annuaire.words import fold

NOT_FOUND_DAYS: Final = 30
MAX_KEY: Final = 300  # characters


class AddressAnswer(Base):
    """One address as it was asked (`key`, folded), the day, and the answer; `lat` is None when
    nothing was found. Coordinates are WGS84 degrees, `score` the base's own, 0 to 1."""

    __tablename__ = "address_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    asked: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    score: Mapped[float | None]
    geo_precision: Mapped[str | None]
    code_insee: Mapped[str | None]
    label: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(AwareDateTime)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer read back: `found` is None when the base knew nothing of the address."""

    found: Geocoded | None
    asked_at: datetime

    def holds(self, now: datetime) -> bool:
        """Whether it need not be asked again."""
        return self.found is not None or now - self.asked_at < timedelta(days=NOT_FOUND_DAYS)


def key_of(address: str) -> str:
    """The address without case, accents or double spaces: what is asked only once."""
    return " ".join(fold(address).replace(",", " ").split())[:MAX_KEY]


def kept_answers(session: Session, keys: Iterable[str]) -> dict[str, Kept]:
    """The answers that are kept for these keys."""
    rows = session.execute(
        select(
            AddressAnswer.key,
            AddressAnswer.lat,
            AddressAnswer.lon,
            AddressAnswer.score,
            AddressAnswer.geo_precision,
            AddressAnswer.code_insee,
            AddressAnswer.label,
            AddressAnswer.asked_at,
        ).where(among(AddressAnswer.key, keys))
    )
    return {row.key: Kept(_geocoded(row), row.asked_at) for row in rows}


def _geocoded(row: Any) -> Geocoded | None:
    if row.lat is None or row.lon is None:
        return None
    return Geocoded(
        row.lat, row.lon, row.score or 0.0, row.geo_precision, row.code_insee, row.label or ""
    )


def keep_answers(session: Session, answers: Mapping[str, Geocoded | None]) -> None:
    """Keep what was answered to addresses, in the caller's transaction."""
    if not answers:
        return
    now = datetime.now(UTC)
    rows = [
        {
            "key": key_of(address),
            "asked": address[:MAX_KEY],
            "lat": found.lat if found else None,
            "lon": found.lon if found else None,
            "score": found.score if found else None,
            "geo_precision": found.precision if found else None,
            "code_insee": found.code_insee if found else None,
            "label": found.label if found else None,
            "asked_at": now,
        }
        for address, found in answers.items()
    ]
    statement = insert_for(session, AddressAnswer.__table__)
    replaced = [name for name in rows[0] if name != "key"]
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={name: statement.excluded[name] for name in replaced}
        ),
        rows,
    )
