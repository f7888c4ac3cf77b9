"""Files in the genuine formats, row by row, of invented organisations."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from annuaire.bench.files import BOAMP_COLUMNS, SIAE_COLUMNS, invented_siret

LILLE = {"post_code": "59000", "city": "Lille", "department": "59", "lat": "50.63", "lon": "3.06"}
LYON = {"post_code": "69003", "city": "Lyon", "department": "69", "lat": "45.76", "lon": "4.85"}


def siae(number: int, **changes: str) -> dict[str, str]:
    """A row of the SIAE directory: a cleaning company in Lille unless told otherwise."""
    row = dict.fromkeys(SIAE_COLUMNS, "")
    row |= {
        "id": str(number),
        "siret": invented_siret(number),
        "kind": "EI",
        "name": f"PROPRETE D'ESSAI {number}",
        "address": "1 rue des Essais",
        "naf": "8121Z",
        "source": "ASP",
        "created_at": "2026-01-02",
        "updated_at": "2026-01-02",
    }
    return row | LILLE | changes


def notice(number: int, **changes: str) -> dict[str, str]:
    """A row of the BOAMP archive: a call for tenders of an invented buyer in Lille."""
    row = dict.fromkeys(BOAMP_COLUMNS, "")
    row |= {
        "idweb": f"26-{number}",
        "date_publication": "2026-05-04",
        "date_fin_diffusion": "2026-06-15",
        "departements": "59",
        "objet": "Nettoyage des locaux de la mairie",
        "famille": "mapa",
        "perimetre": "cmp2006",
        "nature": "appeloffre",
        "statut": "initial",
        "acheteur": "Commune d'essai",
        "cp": "59000",
        "ville": "Lille",
        "descripteurs_libelles": "Nettoyage de locaux",
        "criteres_sociaux": "non",
        "criteres_environnementaux": "non",
    }
    return row | changes


def awards(*lots: tuple[str, str, float | None]) -> str:
    """The column of awards: (lot, winner, amount in €)."""
    return json.dumps(
        [
            {"date": "2026-05-02", "titulaire": who, "montant": amount, "devise": "EUR", "lot": lot}
            for lot, who, amount in lots
        ]
    )


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """The rows as a CSV file, with the header of the first."""
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path
