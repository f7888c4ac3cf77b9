"""Tables of the register: structures, what they are, where each value comes from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.db import AwareDateTime, Base
from annuaire.sql import plain
from annuaire.structures.kinds import KINDS


class Structure(Base):
    """An establishment that gives inclusive work.

    `key` is its present address: the SIRET where known, else "finess:<number>". Its former keys
    are in StructureAlias. `origins` says for each shown field which source and run gave it:
    {"name": ["siae", 3]}. `open` is the establishment's administrative state: False since
    `closed_on` ends the structure, though a directory lists it.
    """

    __tablename__ = "structure"
    __table_args__ = (
        CheckConstraint("length(siret) = 14", name="siret_length"),
        Index("ix_structure_departement_city", "departement", "city"),
        Index("ix_structure_updated_at_id", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    siret: Mapped[str | None] = mapped_column(unique=True)
    finess: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    brand: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    code_insee: Mapped[str | None]
    departement: Mapped[str | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    geo_precision: Mapped[str | None]
    naf: Mapped[str | None]
    legal_form: Mapped[str | None]
    website: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    employees_range: Mapped[str | None]
    description: Mapped[str | None]
    open: Mapped[bool | None]
    closed_on: Mapped[date | None]
    head_office: Mapped[bool | None]
    ess: Mapped[bool | None]
    origins: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    updated_at: Mapped[datetime] = mapped_column(AwareDateTime)
    ended_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]  # at its own demand; `ended_on` is then set too

    statuses: Mapped[list["StructureStatus"]] = relationship(
        back_populates="structure",
        order_by=lambda: (plain(StructureStatus.kind), plain(StructureStatus.source)),
    )
    activities: Mapped[list["StructureActivity"]] = relationship(
        back_populates="structure",
        order_by=lambda: (StructureActivity.weight.desc(), plain(StructureActivity.code)),
    )

    @property
    def siren(self) -> str | None:
        """The nine digits of the legal unit that holds the establishment."""
        return self.siret[:9] if self.siret else None

    @property
    def shown_name(self) -> str:
        return self.brand or self.name or self.key

    def kinds_held(self, day: date) -> list[str]:
        """The kinds held on a day, each once, in the glossary's order: those that a source still
        lists and whose last day, when the source gives one, is not past."""
        held = {status.kind for status in self.statuses if status.holds(day)}
        return [kind for kind in KINDS if kind in held]


class StructureStatus(Base):
    """A status held by a structure, as one source grants it; ended, never deleted."""

    __tablename__ = "structure_status"
    __table_args__ = (UniqueConstraint("structure_id", "kind", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    kind: Mapped[str]
    source: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    ended_on: Mapped[date | None]

    structure: Mapped[Structure] = relationship(back_populates="statuses")

    def holds(self, day: date) -> bool:
        """Whether the status is held on a day, its last one included."""
        return self.ended_on is None and (self.valid_to is None or day <= self.valid_to)


class StructureActivity(Base):
    """An activity of a structure: `origin` is "declared", "naf", "name", "description" or "won";
    `evidence` is the word, the code or the won lots that gave it; `weight` in [0, 1] says how far
    to believe it."""

    __tablename__ = "structure_activity"
    __table_args__ = (UniqueConstraint("structure_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    code: Mapped[str] = mapped_column(index=True)
    origin: Mapped[str]
    evidence: Mapped[str]
    weight: Mapped[float]

    structure: Mapped[Structure] = relationship(back_populates="activities")


class SourceRecord(Base):
    """The row as a source gave it: normalised values, their hash, the run that last changed it.

    `own_key` is the key that the record gives itself, whatever the structure on which it stands;
    `claims` whether it lists that key (`annuaire.structures.identity`).
    """

    __tablename__ = "source_record"
    __table_args__ = (UniqueConstraint("source", "source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_key: Mapped[str]
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    hash: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    own_key: Mapped[str] = mapped_column(index=True)
    claims: Mapped[bool]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    ended_on: Mapped[date | None]


class Enquiry(Base):
    """When a service was last asked about a structure, by its key, and whether it knew it."""

    __tablename__ = "enquiry"
    __table_args__ = (UniqueConstraint("source", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    number: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(AwareDateTime)
    known: Mapped[bool]


class KeyLink(Base):
    """A record told that `key` leads to `target`. Never deleted: what was once told keeps a key
    alive when nobody lists it any more."""

    __tablename__ = "key_link"

    key: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True, index=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("source_record.id"), primary_key=True, index=True
    )


class StructureAlias(Base):
    """A key that is not a structure's present one and leads to it: a former SIRET, a FINESS
    number, the key of a structure joined to it."""

    __tablename__ = "structure_alias"

    key: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
