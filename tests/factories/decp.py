"""Essential data of contracts in each of their genuine forms, of invented buyers and companies."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from annuaire.bench.files import invented_siret
from annuaire.contracts.records import NoticeRecord
from importers.sources.decp import read

BUYER = invented_siret(9_001)
COMPANY, OTHER = invented_siret(1), invented_siret(2)
TODAY = date(2026, 11, 28)


def records(path: Path) -> list[NoticeRecord]:
    """What is read of a file, refusals left out."""
    return [found.record for found in read(path, TODAY) if found.record]


def one(folder: Path, **changes: Any) -> NoticeRecord:
    """The notice of a JSON file of one contract."""
    (found,) = read(write_json(folder / "decp.json", contract(**changes)), TODAY)
    assert found.record, found.refusal
    return found.record


def contract(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A contract in the form of 2022: cleaning in Lille, won by one company."""
    record = {
        "id": f"2024M{number}",
        "acheteur": {"id": BUYER},
        "nature": "Marché",
        "objet": "Nettoyage des locaux de la mairie",
        "codeCPV": "90911200-8",
        "techniques": {"technique": ["Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Bons de commande"]},
        "marcheInnovant": False,
        "offresRecues": 4,
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "59350", "typeCode": "Code commune"},
        "dureeMois": 24,
        "dateNotification": "2024-05-15",
        "datePublicationDonnees": "2024-06-03",
        "montant": 120000.5,
        "titulaires": [winner(COMPANY)],
        "considerationsSociales": {"considerationSociale": ["Pas de considération sociale"]},
        "considerationsEnvironnementales": {
            "considerationEnvironnementale": ["Pas de considération environnementale"]
        },
        "modifications": [],
    }
    return record | changes


def concession(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A concession in the form of 2022."""
    record = {
        "id": f"2024C{number}",
        "autoriteConcedante": {"id": BUYER},
        "nature": "Concession de service",
        "objet": "Exploitation de la buvette du parc",
        "procedure": "Procédure négociée ouverte",
        "dureeMois": 60,
        "dateSignature": "2024-04-02",
        "datePublicationDonnees": "2024-04-12",
        "valeurGlobale": 300000,
        "concessionnaires": [{"concessionnaire": winner(COMPANY)["titulaire"]}],
        "considerationsSociales": {"considerationSociale": ["Concession réservée"]},
    }
    return record | changes


def winner(number: str, kind: str = "SIRET") -> dict[str, Any]:
    """A company as the form of 2022 names it: by its number alone."""
    return {"titulaire": {"typeIdentifiant": kind, "id": number}}


def change(on: str = "2025-02-10", **changes: Any) -> dict[str, Any]:
    """A modification."""
    told = {"id": 1, "dateNotificationModification": on,
            "datePublicationDonneesModification": on}  # fmt: skip
    return {"modification": told | changes}


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """A row of the tabular copies: one company of one state of a contract."""
    cells = {
        "uid": f"{BUYER}2024M{number}",
        "id": f"2024M{number}",
        "nature": "Marché",
        "acheteur_id": BUYER,
        "acheteur_nom": "COMMUNE DU MODELE",
        "titulaire_id": COMPANY,
        "titulaire_typeIdentifiant": "SIRET",
        "titulaire_nom": "PROPRETE DU MODELE",
        "objet": "Nettoyage des locaux de la mairie",
        "montant": "120000.5",
        "codeCPV": "90911200",
        "procedure": "Procédure adaptée",
        "dureeMois": "24",
        "dateNotification": "2024-05-15",
        "datePublicationDonnees": "2024-06-03",
        "considerationsSociales": "Clause sociale, Critère social",
        "considerationsEnvironnementales": "",
        "lieuExecution_code": "59350",
        "lieuExecution_typeCode": "Code commune",
        "acheteur_departement_code": "59",
        "modification_id": "0",
        "donneesActuelles": "true",
    }
    return cells | changes


def write_json(path: Path, *contracts: Any, concessions: Iterable[Any] = ()) -> Path:
    """A file in the form of 2022."""
    lists = {"marche": [*contracts], "contrat-concession": [*concessions]}
    return write_value(path, {"marches": lists})


def write_value(path: Path, value: Any) -> Path:
    """Any value as JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def write_xml(path: Path, *contracts: Mapping[str, Any]) -> Path:
    """The same contracts as XML."""
    body = "".join(f"<marche>{_children(one)}</marche>" for one in contracts)
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<marches>{body}</marches>')
    return path


def _children(record: Mapping[str, Any]) -> str:
    return "".join(_elements(name, value) for name, value in record.items())


def _elements(name: str, value: Any) -> str:
    if isinstance(value, list):
        # In JSON a list of envelopes, {"titulaire": …}; in XML one element that holds them.
        if all(isinstance(one, dict) for one in value):
            return f"<{name}>{''.join(_children(one) for one in value)}</{name}>"
        return "".join(_elements(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_children(value)}</{name}>"
    said = {True: "oui", False: "non"}.get(value, value) if isinstance(value, bool) else value
    return f"<{name}>{escape(str(said))}</{name}>"


def write_table(path: Path, *rows: Mapping[str, str]) -> Path:
    """A tabular copy as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_parquet(path: Path, *rows: Mapping[str, str]) -> Path:
    """The same copy as Parquet, with the types of the published one."""
    import pyarrow
    from pyarrow import parquet

    def typed(name: str, value: str) -> Any:
        if name == "montant":
            return float(value) if value else None
        if name in ("dureeMois", "modification_id"):
            return int(value) if value else None
        if name.startswith("date"):
            return date.fromisoformat(value) if value else None
        return value == "true" if name == "donneesActuelles" else value or None

    columns = {name: [typed(name, one[name]) for one in rows] for name in rows[0]}
    parquet.write_table(pyarrow.table(columns), path)
    return path
