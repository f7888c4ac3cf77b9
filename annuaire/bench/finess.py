"""How fast FINESS files are read, with how much memory: invented ones, in the genuine formats."""

import csv
import gzip
import json
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from typing import IO, Any, cast

from pyproj import Transformer

from annuaire.bench.apart import read_apart
from annuaire.bench.files import invented_siret
from annuaire.geo.gazetteer import Commune, gazetteer

LEGACY_LINES = 103_000
PLUS_MEGABYTES = 750
# Category, label, and how many of 10,000 establishments are of it (about 1,400 ESAT in all).
_CATEGORIES = (
    ("246", "Etablissement et Service d'Aide par le Travail (E.S.A.T.)", 140),
    ("247", "Entreprise adaptée", 60),
    ("355", "Centre Hospitalier (C.H.)", 3_000),
    ("620", "Pharmacie d'Officine", 6_800),
)
_READ = """
from importers.sources.esat import read
rows = sum(1 for row in read(path))
"""


def bench_finess(
    lines: int = LEGACY_LINES, megabytes: int = PLUS_MEGABYTES, seed: int = 1
) -> list[dict[str, Any]]:
    """Read a legacy file of `lines` establishments, without then with their points, and a FINESS+
    file of `megabytes` unpacked (its `size` is in MB, its `per_second` in MB a second)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, pointed, plus = folder / "502.csv", folder / "507.csv", folder / "plus.json.gz"
        write_legacy(bare, lines, seed)
        write_legacy(pointed, lines, seed, points=True)
        size = write_plus(plus, megabytes * 1_000_000, seed) / 1_000_000
        return [
            read_apart("finess cs1100502", _READ, bare, lines),
            read_apart("finess cs1100507", _READ, pointed, lines),
            read_apart("finess plus (Mo)", _READ, plus, round(size)),
        ]


def write_legacy(path: Path, lines: int, seed: int, *, points: bool = False) -> None:
    """The legacy CSV of `lines` establishments; with `points`, as many lines of Lambert-93."""
    draw = Random(seed)  # noqa: S311
    places = [(c, *_metres(c)) for c in draw.sample(_communes(), 2_000)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(("finess", "etalab", "1", "2026-05-12"))
        drawn = [(number, *draw.choice(places)) for number in range(1, lines + 1)]
        for number, commune, _, _ in drawn:
            writer.writerow(_legacy_row(draw, number, commune))
        for number, _, east, north in drawn if points else ():
            source = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
            finess = f"99{number:07d}"
            writer.writerow(("geolocalisation", finess, east, north, source, "2026-05-04"))


def write_plus(path: Path, size: int, seed: int) -> int:
    """The FINESS+ JSON, gzipped, of about `size` bytes unpacked; returns the true number."""
    draw = Random(seed)  # noqa: S311
    communes = _communes()
    with gzip.open(path, "wb", compresslevel=1) as packed:
        file = cast(IO[bytes], packed)
        written = file.write(
            b'{"schemaVersion":"v1.0.0","generatedAt":"2026-03-09T15:49:37Z",'
            b'"gcc":[],"gco":[],"pmej":['
        )
        number = 0
        while written < size:
            number += 1
            entity = _entity(draw, number, draw.choice(communes))
            data = json.dumps(entity, ensure_ascii=False).encode()
            written += file.write(data if number == 1 else b"," + data)
        return written + file.write(b"]}")


def _communes() -> list[Commune]:
    """Communes of mainland France."""
    return [
        c for c in gazetteer().communes if c.lat and c.postcodes and not c.code.startswith("97")
    ]


@cache
def _lambert() -> Transformer:
    return Transformer.from_crs(4326, 2154, always_xy=True)


def _metres(commune: Commune) -> tuple[float, float]:
    x, y = _lambert().transform(commune.lon, commune.lat)
    return round(x, 1), round(y, 1)


def _category(draw: Random) -> tuple[str, str]:
    weights = [weight for _, _, weight in _CATEGORIES]
    code, label, _ = draw.choices(_CATEGORIES, weights)[0]
    return code, label


def _legacy_row(draw: Random, number: int, commune: Commune) -> list[str]:
    code, label = _category(draw)
    name = f"ETABLISSEMENT D'ESSAI {number}"
    quoted = f'LE "{name}"' if number % 30 == 0 else name
    siret = invented_siret(number) if number % 6 else ""
    return [
        "structureet", f"99{number:07d}", f"98{number:07d}", name, quoted, "", "",
        str(draw.randrange(1, 200)), "R", "DES ESSAIS", "", "", commune.code[2:],
        commune.departement, "DEPARTEMENT", f"{commune.postcodes[0]} {commune.name.upper()}",
        "0470000000", "", code, label, "4302", "Etablissements", siret, "8810C",
        "05", "ARS", "", "", "1975-01-01", "1975-01-01", "2024-02-01", "",
    ]  # fmt: skip


def _entity(draw: Random, number: int, commune: Commune) -> dict[str, Any]:
    establishments = [_establishment(draw, 4 * number + i, commune) for i in range(1, 4)]
    return {
        "informationsGeneralesPMEJ": {
            "pmSmsseId": str(number),
            "codeApe": "88.10C",
            "dateCreation": "2001-01-01",
            "denominationLonguePmSmsse": f"ASSOCIATION D'ESSAI {number}".ljust(60),
            "numFinessPm": f"98{number:07d}",
            "siren": invented_siret(number)[:9],
            "statutJuridique": "60",
        },
        "adresse": [_address("02", commune)],
        "contact": [{"typeContact": {"roleContact": "01"}, "telecom": {"telephone": "0470000000"}}],
        "engagement": [],
        "evenement": [],
        "ege": establishments,
        "etatObjet": "A",
        "dateDerniereMaj": "2021-10-18 00:00:00",
    }


def _establishment(draw: Random, number: int, commune: Commune) -> dict[str, Any]:
    events = [
        {"evenementId": str(i), "typeEvenement": "07", "dateEffetEvenement": "2020-01-01"}
        for i in range(draw.randrange(6))
    ]
    return {
        "informationsGeneralesEGE": {
            "egeId": str(number),
            "dateOuverture": "1956-11-16",
            "nomEgeCourt": f"ETABLISSEMENT {number}".ljust(38),
            "nomEgeLong": f"ETABLISSEMENT D'ESSAI {number}".ljust(80),
            "numFinessEge": f"99{number % 10_000_000:07d}",
            "siret": invented_siret(number % 1_000_000),
        },
        "categorieentiteGeographiqueExercice": _category(draw)[0],
        "modefixationtarifaire": "07",
        "adresse": [_address("02", commune), _address("03", commune)],
        "contact": [{"typeContact": {"roleContact": "01"}, "telecom": {"telephone": "0470000000"}}],
        "evenement": events,
        "etatObjet": "I" if draw.random() < 0.4 else "A",
        "dateDerniereMaj": "2021-10-18 00:00:00",
    }


def _address(usage: str, commune: Commune) -> dict[str, Any]:
    return {
        "usageAdresse": usage,
        "numeroVoie": "62",
        "typeVoie": "R   ",
        "libelleVoie": "DES ESSAIS          ",
        "cogCommune": commune.code,
        "ligneAcheminement": commune.name.upper(),
        "codePostal": commune.postcodes[0],
        "coordonneesGeographique": {
            "coordonneeX": str(commune.lon),
            "coordonneeY": str(commune.lat),
            "cleInInteropBAN": f"{commune.code}_0010_00062",
            "scoreBAN": "0.97",
        },
    }
