"""How fast StockEtablissement is read for a register of 15,000 structures, with how much memory."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from annuaire.bench.apart import read_apart
from annuaire.bench.files import invented_siret
from annuaire.geo.gazetteer import gazetteer
from importers.sources.sirene.columns import OPTIONAL, REQUIRED

STRUCTURES = 15_000
COLUMNS = ("siren", "nic", "siret", *(n for n in (*OPTIONAL, *REQUIRED) if len(n) > 5))
_BLOCK = 2_000  # lines drawn once and repeated under other numbers
_READ = f"""
from annuaire.bench.files import invented_siret
from annuaire.structures.records import Known
from importers.sources.sirene import read
known = Known(frozenset(invented_siret(number) for number in range(1, {STRUCTURES + 1})))
rows = sum(1 for row in read(path, known) if row.record)
"""


def bench_sirene(size: int = 1_000, seed: int = 1) -> list[dict[str, Any]]:
    """Read a file of `size` MB, plain then zipped as INSEE publishes it; `per_second` is in MB of
    text a second, `n` the establishments taken."""
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "StockEtablissement_utf8.csv"
        packed = plain.with_suffix(".zip")
        write_sirene(plain, size * 1_000_000, seed)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(plain, plain.name)
        return [
            read_apart("sirene csv (Mo)", _READ, plain, size),
            read_apart("sirene zip (Mo)", _READ, packed, size),
        ]


def write_sirene(path: Path, size: int, seed: int) -> None:
    """StockEtablissement of about `size` bytes, of invented establishments: one line in 2,000 is
    of the register (15,000 of 40 million are one in 2,700)."""
    ends = list(_ends(Random(seed)))  # noqa: S311
    strangers = 50_000_000
    known = 0
    with path.open("wb") as file:
        written = file.write((",".join(COLUMNS) + "\n").encode())
        while written < size:
            known += 1
            sirets = [invented_siret(known)]
            sirets += [f"3{strangers + index:08d}00017" for index in range(1, _BLOCK)]
            strangers += _BLOCK
            lines = [f"{s[:9]},{s[9:]},{s},{end}" for s, end in zip(sirets, ends, strict=True)]
            written += file.write("\n".join(lines).encode() + b"\n")


def _ends(draw: Random) -> Iterator[str]:
    """Lines without their three numbers."""
    communes = [c for c in gazetteer().communes if c.lat and c.postcodes]
    for number in range(_BLOCK):
        commune = draw.choice(communes)
        cells = dict.fromkeys(COLUMNS[3:], "") | {
            "statutDiffusionEtablissement": "O",
            "dateCreationEtablissement": "2001-01-01",
            "trancheEffectifsEtablissement": draw.choice(("NN", "00", "01", "11")),
            "dateDernierTraitementEtablissement": "2024-06-14T09:15:23",
            "etablissementSiege": draw.choice(("true", "false")),
            "nombrePeriodesEtablissement": "3",
            "numeroVoieEtablissement": str(draw.randrange(1, 200)),
            "typeVoieEtablissement": "RUE",
            "libelleVoieEtablissement": f"DES ESSAIS, NUMERO {number}",
            "codePostalEtablissement": commune.postcodes[0],
            "libelleCommuneEtablissement": commune.name.upper(),
            "codeCommuneEtablissement": commune.code,
            "dateDebut": "2008-01-01",
            "etatAdministratifEtablissement": draw.choice("AAF"),
            "enseigne1Etablissement": f"ATELIER D'ESSAI {number}",
            "activitePrincipaleEtablissement": "81.21Z",
            "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
            "caractereEmployeurEtablissement": "O",
        }
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells.values())
        yield line.getvalue()
