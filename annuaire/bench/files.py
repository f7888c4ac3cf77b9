"""Files to measure imports with, in the genuine formats: any number of rows, of nobody real."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from stdnum import luhn

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.documents import structure_documents
from annuaire.geo.gazetteer import gazetteer

SIAE_COLUMNS = (
    "id", "siret", "kind", "name", "brand", "address", "post_code", "city", "department", "lat",
    "lon", "naf", "legal_form", "website", "source", "employees_range", "created_at", "updated_at",
)  # fmt: skip
BOAMP_COLUMNS = (
    "idweb", "date_publication", "date_fin_diffusion", "departements", "objet", "famille",
    "perimetre", "nature", "statut", "acheteur", "cp", "ville", "attributions_json",
    "descripteurs_codes", "descripteurs_libelles", "criteres_sociaux", "criteres_environnementaux",
)  # fmt: skip
CLAUSES = (
    "",
    "",
    "",
    " - marché réservé aux structures d'insertion par l'activité économique (L.2113-13)",
    " - lot 2 réservé à des entreprises adaptées ou à des ESAT",
    " comportant une clause obligatoire d'insertion de 420 heures",
)


def invented_siret(number: int) -> str:
    """A SIRET that passes the checksum; SIRENs that begin with 99 are given to nobody."""
    siren = f"99{number:06d}"
    siren += luhn.calc_check_digit(siren)
    body = f"{siren}0001"
    return body + luhn.calc_check_digit(body)


def write_siae(path: Path, count: int, seed: int) -> None:
    """A directory of SIAE of `count` rows on real communes."""
    draw = Random(seed)  # noqa: S311
    communes = [c for c in gazetteer().communes if c.lat is not None and c.postcodes]
    nafs = sorted({naf for leaf in taxonomy().leaves for naf in leaf.naf})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SIAE_COLUMNS)
        writer.writeheader()
        for number, document in enumerate(structure_documents(count, seed), 1):
            commune = draw.choice(communes)
            writer.writerow(
                dict.fromkeys(SIAE_COLUMNS, "")
                | {
                    "id": number,
                    "siret": invented_siret(number),
                    "kind": draw.choice(("EI", "ACI", "AI", "ETTI", "GEIQ")),
                    "name": document["name"],
                    "address": f"{draw.randrange(1, 200)} rue des Essais",
                    "post_code": commune.postcodes[0],
                    "city": commune.name,
                    "department": commune.departement,
                    "lat": commune.lat,
                    "lon": commune.lon,
                    "naf": draw.choice(nafs),
                    "source": "ASP",
                    "created_at": "2026-01-02",
                    "updated_at": "2026-01-02",
                }
            )


def write_boamp(path: Path, count: int, seed: int) -> None:
    """An archive of notices of `count` rows: calls, and awards of two lots."""
    draw = Random(seed)  # noqa: S311
    communes = [c for c in gazetteer().communes if c.postcodes]
    leaves = taxonomy().leaves
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, BOAMP_COLUMNS)
        writer.writeheader()
        for number in range(1, count + 1):
            commune, leaf = draw.choice(communes), draw.choice(leaves)
            award = number % 3 == 0
            writer.writerow(
                {
                    "idweb": f"26-{number}",
                    "date_publication": f"2026-{draw.randrange(1, 13):02d}-15",
                    "date_fin_diffusion": "2026-12-31",
                    "departements": commune.departement,
                    "objet": f"{leaf.label} à {commune.name}{draw.choice(CLAUSES)}",
                    "famille": "mapa",
                    "perimetre": "cmp2006",
                    "nature": "attribution" if award else "appeloffre",
                    "statut": "initial",
                    "acheteur": f"Commune de {commune.name} (essai)",
                    "cp": commune.postcodes[0],
                    "ville": commune.name,
                    "attributions_json": json.dumps(_awards(draw)) if award else "",
                    "descripteurs_codes": "1",
                    "descripteurs_libelles": leaf.label,
                    "criteres_sociaux": draw.choice(("oui", "non", "non")),
                    "criteres_environnementaux": draw.choice(("oui", "non")),
                }
            )


def _awards(draw: Random) -> list[dict[str, object]]:
    leaves = taxonomy().leaves
    return [
        {
            "date": "2026-02-01",
            "titulaire": f"Société d'essai {draw.randrange(10_000)}",
            "montant": draw.randrange(1_000, 500_000),
            "devise": "EUR",
            "lot": f"Lot {number} : {draw.choice(leaves).label}",
        }
        for number in (1, 2)
    ]


def long_texts(count: int, length: int, seed: int) -> Iterator[str]:
    """Texts of execution conditions of about `length` characters, some with a clause."""
    draw = Random(seed)  # noqa: S311
    sentences = [
        f"Le titulaire assure la prestation « {leaf.label} »." for leaf in taxonomy().leaves
    ]
    sentences += [clause.strip(" -").capitalize() + "." for clause in CLAUSES if clause]
    for _ in range(count):
        parts: list[str] = []
        while sum(map(len, parts)) < length:
            parts.append(draw.choice(sentences))
        yield " ".join(parts)[:length]
