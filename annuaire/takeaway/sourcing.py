"""The sources behind a list, each with its last reading."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Notice
from annuaire.runs import last_done
from annuaire.sql import plain
from annuaire.structures.models import SourceRecord
from annuaire.takeaway.tables import SourceRead
from importers.rows import Source

#: Sources that neither grant a status nor end one.
_WITHOUT_STATUS: Final = ("attributions", "ban", "ess_france", "profil")


def status_sources() -> Select[str]:
    """The names of the sources that tell now which statuses structures hold."""
    return structure_sources().where(SourceRecord.source.not_in(_WITHOUT_STATUS))


def structure_sources() -> Select[str]:
    """The names of the sources that tell of a structure now."""
    return (
        select(SourceRecord.source)
        .where(SourceRecord.ended_on.is_(None))
        .group_by(SourceRecord.source)
        .order_by(plain(SourceRecord.source))
    )


def contract_sources() -> Select[str]:
    """The names of the sources that gave a notice."""
    return select(Notice.source).group_by(Notice.source).order_by(plain(Notice.source))


def sources_read(
    session: Session, names: Select[str], described: Mapping[str, Source]
) -> tuple[SourceRead, ...]:
    """These sources as `described`, with their last reading that ended well."""
    done = last_done(session)
    found: list[SourceRead] = []
    for name in session.scalars(names).all():
        source, run = described.get(name), done.get(name)
        found.append(
            SourceRead(
                name=name,
                title=source.title if source else name,
                publisher=source.publisher if source else "",
                licence=source.licence if source else "",
                read_at=run.ended_at if run else None,
            )
        )
    return tuple(found)
