"""How fast the essential data of contracts are read, and with how much memory."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.apart import read_apart
from annuaire.bench.files import invented_siret
from annuaire.geo.gazetteer import gazetteer

_BLOCK = 2_000  # contracts drawn once and repeated under other numbers
_BUYERS, _WINNERS = 30_000, 200_000  # numbers drawn from; buyers' come after winners'
_SOCIAL = ("Clause sociale", "Critère social", "Marché réservé", "Pas de considération sociale")
_ENVIRONMENT = ("Clause environnementale", "Pas de considération environnementale")
_READ = """
from datetime import date
from importers.sources.decp import read
rows = sum(1 for row in read(path, date(2026, 11, 28)) if row.record)
"""


def bench_decp(size: int = 1_000, seed: int = 1) -> list[dict[str, Any]]:
    """Read a JSON file of `size` MB in the form of 2022, as records ready to be published;
    `per_second` is in MB a second, `n` the contracts read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decp-global.json"
        write_decp(path, size * 1_000_000, seed)
        return [read_apart("decp json (Mo)", _READ, path, size)]


def write_decp(path: Path, size: int, seed: int) -> int:
    """A file of about `size` bytes, of invented buyers and companies; how many contracts it
    holds."""
    ends = [json.dumps(end, ensure_ascii=False)[1:] for end in _contracts(Random(seed))]  # noqa: S311
    draw = Random(seed)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        written = file.write('{"marches": {"marche": [\n')
        number = 0
        while written < size:
            buyer = invented_siret(_WINNERS + draw.randrange(_BUYERS))
            head = f'{{"id": "2024M{number:07d}", "acheteur": {{"id": "{buyer}"}}, '
            comma = ",\n" if number else ""
            written += file.write(comma + head + ends[number % _BLOCK])
            number += 1
        file.write('\n], "contrat-concession": []}}')
    return number


def _contracts(draw: Random) -> Iterator[dict[str, Any]]:
    """Contracts without number nor buyer."""
    communes = [c for c in gazetteer().communes if c.postcodes]
    leaves = [leaf for leaf in taxonomy().leaves if leaf.cpv]
    for index in range(_BLOCK):
        commune, leaf = draw.choice(communes), draw.choice(leaves)
        code = next(iter(leaf.cpv)).ljust(8, "0")[:8]
        yield {
            "nature": "Marché",
            "objet": f"{leaf.label} à {commune.name}, lot {index % 9 + 1}",
            "codeCPV": f"{code}-0",
            "techniques": {"technique": [draw.choice(("Accord-cadre", "Sans objet"))]},
            "modalitesExecution": {"modaliteExecution": ["Bons de commande"]},
            "marcheInnovant": False,
            "ccag": "Fournitures courantes et services",
            "offresRecues": draw.randrange(1, 12),
            "attributionAvance": False,
            "tauxAvance": 0.0,
            "typeGroupementOperateurs": "Pas de groupement",
            "sousTraitanceDeclaree": False,
            "actesSousTraitance": [],
            "procedure": draw.choice(("Procédure adaptée", "Appel d'offres ouvert")),
            "lieuExecution": {"code": commune.code, "typeCode": "Code commune"},
            "dureeMois": draw.choice((6, 12, 24, 48)),
            "dateNotification": f"2024-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            "datePublicationDonnees": "2025-01-15",
            "montant": draw.randrange(40_000, 900_000) + 0.5,
            "typesPrix": {"typePrix": ["Définitif révisable"]},
            "formePrix": "Unitaire",
            "origineUE": 0.0,
            "origineFrance": 0.0,
            "titulaires": [_company(draw) for _ in range(draw.choice((1, 1, 1, 2)))],
            "considerationsSociales": {"considerationSociale": [draw.choice(_SOCIAL)]},
            "considerationsEnvironnementales": {
                "considerationEnvironnementale": [draw.choice(_ENVIRONMENT)]
            },
            "modifications": [_change(draw, n) for n in range(draw.choice((0, 0, 0, 1, 3)))],
            "modificationsActesSousTraitance": [],
        }


def _company(draw: Random) -> dict[str, Any]:
    number = invented_siret(draw.randrange(1, _WINNERS))
    return {"titulaire": {"typeIdentifiant": "SIRET", "id": number}}


def _change(draw: Random, number: int) -> dict[str, Any]:
    return {
        "modification": {
            "id": number + 1,
            "dateNotificationModification": f"2025-{number + 2:02d}-01",
            "datePublicationDonneesModification": f"2025-{number + 2:02d}-05",
            "montant": draw.randrange(40_000, 900_000),
        }
    }
