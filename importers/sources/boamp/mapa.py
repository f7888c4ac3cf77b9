"""Notices under the `MAPA` root: short forms of adapted procedures."""

from typing import Any

from annuaire.contracts.records import BuyerRecord
from importers.sources.boamp.corrections import correction_text
from importers.sources.boamp.detail import Detail, criteria_text, texts_of
from importers.sources.boamp.simple_lots import read_awards, read_lots
from importers.sources.boamp.tree import cpv, every, first, lines, moment, siret, text
from importers.sources.boamp.v230 import normal

BODIES = ("initial", "rectificatif", "attribution")


def read_mapa(root: dict[str, Any]) -> Detail:
    """A MAPA: `organisme`, then `initial`, `rectificatif` or `attribution`."""
    body: Any = next((b for key in BODIES if (b := first(root, key))), None)
    organisation = first(root, "organisme")
    criteria = [
        (text(c, "critere"), text(c, "criterePCT"))
        for c in every(body, "criteres", "criterePondere")
    ]
    return Detail(
        title=text(body, "description", "titreMarche"),
        description=lines(body, "description", "objet")
        or lines(body, "caracteristiques", "principales"),
        buyer=read_buyer(organisation),
        reference=text(body, "renseignements", "idMarche")
        or text(body, "description", "numReference"),
        deadline=moment(first(body, "conditionDelai", "receptOffres")),
        cpv=cpv(body, "description", "CPV", "objetPrincipal", "classPrincipale"),
        lots=read_lots(body),
        awards=read_awards(body),
        texts=texts_of(
            characteristics=lines(body, "caracteristiques", "principales")
            or lines(body, "caracteristiques"),
            execution=lines(body, "conditions", "conditionsParticulieres")
            or lines(body, "conditionsParticulieres"),
            participation=lines(body, "conditions", "conditionsParticipation"),
            criteria=criteria_text(criteria) or lines(body, "criteres", "criteresLibres"),
            complement=lines(body, "renseignementsComplementaires", "rensgtComplt")
            or lines(body, "renseignementsComplementaires"),
            correction=correction_text(normal(first(root, "rectificatif"), drop_null=True)),
        ),
    )


def read_buyer(organisation: Any) -> BuyerRecord | None:
    """The buyer of the short forms, under the names that they use for it."""
    names = (text(organisation, key, limit=300) for key in ("acheteurPublic", "nomOfficiel"))
    name = next((n for n in names if n), None)
    if not name:
        return None
    address = first(organisation, "adr")
    return BuyerRecord(
        name=name,
        siret=siret(organisation, "codeIdentificationNational"),
        postcode=text(organisation, "cp", limit=10) or text(address, "cp", limit=10),
        city=text(organisation, "ville", limit=100) or text(address, "ville", limit=100),
    )
