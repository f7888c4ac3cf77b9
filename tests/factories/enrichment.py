"""Files of Sirene and ESS France in their genuine formats, of invented establishments."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from importers.sources.sirene.columns import OPTIONAL, REQUIRED

_NUMBERS = ("siren", "nic", "siret")
SIRENE_COLUMNS = (*_NUMBERS, *(n for n in (*OPTIONAL, *REQUIRED) if n not in _NUMBERS))
SINCE_2024 = (
    "dernierNumeroVoieEtablissement",
    "indiceRepetitionDernierNumeroVoieEtablissement",
    "identifiantAdresseEtablissement",
    "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    "activitePrincipaleNAF25Etablissement",
)
#: The older releases: without the last number of a street, points and NAF 2025.
OLDER_COLUMNS = tuple(name for name in SIRENE_COLUMNS if name not in SINCE_2024)
ESS_COLUMNS = (
    "SIREN", "Nom ou raison sociale de l'entreprise", "Famille juridique de l'entreprise",
    "Code postal", "Libellé de la commune de l'établissement",
    "Code du département de l'établissement", "Département de l'établissement",
    "Région de l'établissement",
)  # fmt: skip


def establishment(siret: str, **changes: str) -> dict[str, str]:
    """A row of StockEtablissement: an open head office in Lille with 10 to 19 employees. Names of
    `changes` are those of the columns, « Etablissement » left out."""
    row = dict.fromkeys(SIRENE_COLUMNS, "")
    row |= {"siren": siret[:9], "nic": siret[9:], "siret": siret, "dateDebut": "2015-04-01"}
    cells = {
        "statutDiffusion": "O",
        "trancheEffectifs": "11",
        "dateDernierTraitement": "2026-10-02T09:15:23",
        "numeroVoie": "12",
        "indiceRepetition": "B",
        "typeVoie": "RUE",
        "libelleVoie": "DES ESSAIS",
        "codePostal": "59000",
        "libelleCommune": "LILLE",
        "codeCommune": "59350",
        "coordonneeLambertAbscisse": "704358.6",
        "coordonneeLambertOrdonnee": "7059484.1",
        "etatAdministratif": "A",
        "enseigne1": "ATELIER DU SPECIMEN",
        "activitePrincipale": "81.21Z",
        "nomenclatureActivitePrincipale": "NAFRev2",
        "activitePrincipaleNAF25": "81.21Y",
        "caractereEmployeur": "O",
    }
    for name, value in (cells | changes).items():
        row[name if name in row else f"{name}Etablissement"] = value
    row["etablissementSiege"] = changes.get("siege", "true")
    row.pop("siegeEtablissement", None)
    return row


def write_sirene(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    columns: Iterable[str] = SIRENE_COLUMNS,
    quoting: int = csv.QUOTE_MINIMAL,
) -> Path:
    """StockEtablissement with these columns; « \\n » ends lines, as INSEE writes them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, list(columns), extrasaction="ignore", lineterminator="\n", quoting=quoting
        )
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_ess(path: Path, *sirens: str) -> Path:
    """The list of ESS France; numbers lose their zeros as they do there."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ESS_COLUMNS)
        for siren in sirens:
            place = ("59000", "LILLE", "59", "Nord", "Hauts-de-France")
            writer.writerow([siren.lstrip("0"), "ASSOCIATION D'ESSAI", "Associations", *place])
    return path
