"""Notices under the `FNSimple` root: the national form."""

from typing import Any

from annuaire.contracts.records import CodeField
from importers.sources.boamp.corrections import correction_text
from importers.sources.boamp.detail import Detail, criteria_text, texts_of
from importers.sources.boamp.mapa import BODIES, read_buyer
from importers.sources.boamp.simple_lots import read_awards, read_lots
from importers.sources.boamp.tree import cpv, every, first, lines, moment, text
from importers.sources.boamp.v230 import normal


def read_fnsimple(root: dict[str, Any]) -> Detail:
    """A national form: `organisme`, then `initial`, `rectificatif` or `attribution`."""
    body: Any = next((b for key in BODIES if (b := first(root, key))), None)
    market = first(body, "natureMarche")
    procedure = first(body, "procedure")
    criteria = [
        (text(c, "critere"), text(c, "criterePCT"))
        for c in every(procedure, "criteresAttrib", "criterePondere")
    ]
    reserved = text(market, "marcheReserve", limit=60) or text(procedure, "marcheReserve", limit=60)
    return Detail(
        title=text(market, "intitule"),
        description=lines(market, "description"),
        buyer=read_buyer(first(root, "organisme")),
        reference=text(body, "identifiantProcedure", limit=100)
        or text(body, "communication", "identifiantInterne", limit=100),
        deadline=moment(first(procedure, "dateReceptionOffres")),
        cpv=cpv(market, "codeCPV", "objetPrincipal", "classPrincipale"),
        lots=read_lots(body) or read_lots(market),
        awards=read_awards(body),
        texts=texts_of(
            execution=lines(market, "conditionsParticulieres")
            or lines(body, "conditionsExecution"),
            participation=lines(procedure, "capaciteTech"),
            criteria=criteria_text(criteria) or lines(procedure, "criteresAttrib"),
            complement=lines(body, "informComplementaire", "autresInformComplementaire")
            or lines(body, "informComplementaire"),
            correction=correction_text(normal(first(root, "rectificatif"), drop_null=True)),
        ),
        codes=(CodeField("MARCHE_RESERVE", reserved),) if reserved else (),
    )
