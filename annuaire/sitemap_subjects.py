"""The pages of activities and territories that some listed structure stands behind."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import gazetteer
from annuaire.sql import plain
from annuaire.structures.models import Structure, StructureActivity

Newest = dict[str, datetime]  # by path, when one of its structures changed last


def activity_pages(session: Session) -> Newest:
    """Activities and their groups, in the whole country and in each département."""
    known, found = taxonomy(), Newest()
    for code, departement, moment in session.execute(_by_activity()):
        group = known.group_of(code)
        for node in {code, group} if group else ():
            _keep(found, f"/activites/{node}", moment)
            if departement and gazetteer().departement(departement):
                _keep(found, f"/activites/{node}/{departement}", moment)
    return found


def territory_pages(session: Session) -> Newest:
    """Départements and communes."""
    places, found = gazetteer(), Newest()
    for code, departement, moment in session.execute(_by_place()):
        if departement and places.departement(departement):
            _keep(found, f"/departements/{departement}", moment)
        if code and (commune := places.commune(code)):
            _keep(found, f"/communes/{commune.code}", moment)
    return found


def _keep(found: Newest, path: str, moment: datetime) -> None:
    found[path] = max(moment, found.get(path, moment))


def _listed() -> Iterator[ColumnElement[bool]]:
    yield Structure.ended_on.is_(None)
    yield Structure.withdrawn_on.is_(None)


def _by_activity() -> Select[*tuple[Any, ...]]:
    place = StructureActivity.code, Structure.departement
    return (
        select(*place, func.max(Structure.updated_at))
        .join(Structure)
        .where(*_listed())
        .group_by(*place)
        .order_by(*(plain(column).nulls_first() for column in place))
    )


def _by_place() -> Select[*tuple[Any, ...]]:
    place = Structure.code_insee, Structure.departement
    return (
        select(*place, func.max(Structure.updated_at))
        .where(*_listed())
        .group_by(*place)
        .order_by(*(plain(column).nulls_first() for column in place))
    )
