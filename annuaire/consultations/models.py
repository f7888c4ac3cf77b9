"""The table of the consultations that buyers write."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class WrittenConsultation(Base):
    """A consultation that a person wrote for the body of `siret`, whose verified buyers may change
    it. `content` is what its form holds; `state` is "draft", "published" or "withdrawn".
    `author_id` is empty once that account is erased."""

    __tablename__ = "written_consultation"

    id: Mapped[int] = mapped_column(primary_key=True)
    siret: Mapped[str] = mapped_column(index=True)
    body: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    updated_at: Mapped[datetime] = mapped_column(AwareDateTime)
