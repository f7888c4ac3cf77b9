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

SAMPLES = Source(
    name=SAMPLE_SOURCE,
    title="Données d'exemple (inventées)",
    publisher="annuaire",
    licence="AGPL-3.0-or-later",
    address="",
    frequency="",
    formats=("csv", "jsonl"),
    minimum_rows=0,
)

BAN = Source(
    name="ban",
    title="Base adresse nationale (positions des adresses)",
    publisher="IGN, DINUM, ANCT",
    licence="Licence Ouverte 2.0",
    address="https://adresse.data.gouv.fr",
    frequency="",
    formats=("json",),
    minimum_rows=0,
)

AWARDS = Source(
    name="attributions",
    title="Marchés gagnés, d'après les avis d'attribution lus",
    publisher="annuaire, d'après la DILA (BOAMP) et les acheteurs (DECP)",
    licence="Licence Ouverte 2.0",
    address="https://www.boamp.fr",
    frequency="",
    formats=("json",),
    minimum_rows=0,
)

PROFILES = Source(
    name="profil",
    title="Fiche tenue par la structure",
    publisher="la structure elle-même",
    licence="Licence Ouverte 2.0",
    address="",
    frequency="",
    formats=("json",),
    minimum_rows=0,
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
    SAMPLES,
)
DESCRIPTIONS: dict[str, Source] = {source.name: source for source in _ALL}
