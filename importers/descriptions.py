"""The descriptions of all sources, for the pages."""

from annuaire.structures.samples import SAMPLE_SOURCE
from importers.rows import Source
from importers.sources import (
    boamp,
    decp,
    ea,
    esat,
    esat_listes,
    ess_france,
    esus,
    marche,
    recherche_entreprises,
    siae,
    sirene,
    ted,
)


def _own(
    name: str,
    title: str,
    publisher: str,
    *,
    licence: str = "Licence Ouverte 2.0",
    address: str = "",
    formats: tuple[str, ...] = ("json",),
) -> Source:
    """A source that no file of a publisher holds: what we look up, work out, or are sent."""
    return Source(name, title, publisher, licence, address, "", formats, minimum_rows=0)


SAMPLES = _own(
    SAMPLE_SOURCE,
    "Données d'exemple (inventées)",
    "annuaire",
    licence="AGPL-3.0-or-later",
    formats=("csv", "jsonl"),
)

BAN = _own(
    "ban",
    "Base adresse nationale (positions des adresses)",
    "IGN, DINUM, ANCT",
    address="https://adresse.data.gouv.fr",
)

AWARDS = _own(
    "attributions",
    "Marchés gagnés, d'après les avis d'attribution lus",
    "annuaire, d'après la DILA (BOAMP) et les acheteurs (DECP)",
    address="https://www.boamp.fr",
)

PROFILES = _own("profil", "Fiche tenue par la structure", "la structure elle-même")

PUSHED = _own(
    "depot",
    "Consultations déposées par des plateformes d'achat et des acheteurs",
    "Les plateformes, chacune nommée dans la référence",
)

_ALL = (
    siae.SOURCE,
    siae.GEIQ_SOURCE,
    esat.SOURCE,
    esat_listes.SOURCE,
    ea.SOURCE,
    esat.EA_SOURCE,
    esus.SOURCE,
    sirene.SOURCE,
    ess_france.SOURCE,
    recherche_entreprises.SOURCE,
    marche.SOURCE,
    boamp.SOURCE,
    ted.SOURCE,
    decp.SOURCE,
    BAN,
    AWARDS,
    PROFILES,
    PUSHED,
    SAMPLES,
)
DESCRIPTIONS: dict[str, Source] = {source.name: source for source in _ALL}
