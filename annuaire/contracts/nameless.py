"""Buyers of whom only the SIRET is published: what is shown until something tells their name."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from stdnum.fr import siret

from annuaire import outbox
from annuaire.contracts.models import Buyer, Contract
from annuaire.contracts.records import UNKNOWN_NAME, BuyerRecord
from annuaire.sql import among


def shown_name(buyer: BuyerRecord) -> str:
    """The buyer's name; « Acheteur 213 001 234 00017 (nom inconnu) » while nothing tells it."""
    if buyer.name or not buyer.siret:
        return buyer.name
    return f"Acheteur {siret.format(buyer.siret)} {UNKNOWN_NAME}"


def fill_names(session: Session, buyers: Sequence[BuyerRecord]) -> None:
    """Give the name and place of these records to the buyers known by the same SIRET alone, and
    announce their contracts to the index. A name that is known stays."""
    told = {b.siret: b for b in buyers if b.siret and b.name}
    if not told:
        return
    nameless = session.execute(
        select(Buyer.id, Buyer.siret).where(
            among(Buyer.siret, told), Buyer.name.endswith(UNKNOWN_NAME)
        )
    ).all()
    if not nameless:
        return
    statement = (
        update(Buyer)
        .where(Buyer.id == bindparam("buyer_id"))
        .values(
            name=bindparam("told_name"),
            postcode=func.coalesce(Buyer.postcode, bindparam("told_postcode")),
            city=func.coalesce(Buyer.city, bindparam("told_city")),
            departement=func.coalesce(Buyer.departement, bindparam("told_departement")),
        )
    )
    rows = [(row.id, told[row.siret]) for row in nameless]
    session.connection().execute(
        statement,
        [
            {
                "buyer_id": id_,
                "told_name": record.name,
                "told_postcode": record.postcode,
                "told_city": record.city,
                "told_departement": record.departement,
            }
            for id_, record in rows
        ],
    )
    ids = [id_ for id_, _ in rows]
    theirs = session.scalars(select(Contract.id).where(among(Contract.buyer_id, ids)))
    outbox.announce(session, "contracts", theirs.all())
