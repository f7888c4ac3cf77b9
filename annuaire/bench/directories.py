"""Directories to measure imports with: the ASP's pair and the list of ESUS, of nobody real."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from annuaire.bench.files import invented_siret
from annuaire.geo.gazetteer import Commune, gazetteer

_PLACE: Final = (
    "numero_apt", "entree", "numero", "cplt_num_voie", "type_voie", "nom_voie", "cplt_adresse",
    "cp", "commune", "code_insee", "telephone",
)  # fmt: skip
_STRUCTURE: Final = (
    "structure_id_siae", "structure_siret_signature", "structure_siret_actualise",
    "structure_denomination", "structure_code_naf",
    *(f"structure_adresse_gestion_{name}" for name in _PLACE),
)  # fmt: skip
_ANNEX: Final = (
    "af_id_structure", "af_mesure_dispositif_code", "af_numero_annexe_financiere",
    "af_etat_annexe_financiere_code", "af_date_debut_effet", "af_date_fin_effet",
)  # fmt: skip
_MEASURES: Final = ("EI_DC", "ACI_DC", "AI_DC", "ETTI_DC", "EITI_DC")


def write_pair(structures: Path, annexes: Path, count: int, seed: int) -> None:
    """The ASP's two files: `count` structures, each with one annex in force and one past."""
    draw = Random(seed)  # noqa: S311
    communes = _communes()
    _write_framed(structures, "Structure", _STRUCTURE, _structures(draw, communes, count))
    _write_framed(annexes, "AnnexeFinanciere", _ANNEX, _annexes(draw, count))


def write_esus(path: Path, count: int, seed: int) -> None:
    """The Treasury's list of `count` companies, as CSV."""
    draw = Random(seed)  # noqa: S311
    communes = _communes()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Raison sociale", "SIREN", "Commune", "Code postal", "Date d'agrément"))
        for number in range(1, count + 1):
            commune = draw.choice(communes)
            day = f"{draw.randrange(1, 29):02d}/{draw.randrange(1, 13):02d}/2025"
            siren = invented_siret(number)[:9]
            name = f"SOCIETE D'ESSAI {number}"
            writer.writerow((name, siren, commune.name, commune.postcodes[0], day))


def _communes() -> list[Commune]:
    return [c for c in gazetteer().communes if c.lat is not None and c.postcodes]


def _write_framed(
    path: Path, kind: str, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        count = 0
        file.write(f"DEB{kind}\n{'|'.join(header)}\n")
        for row in rows:
            file.write("|".join(map(str, row)) + "\n")
            count += 1
        file.write(f"FIN{count}\n")


def _structures(draw: Random, communes: list[Commune], count: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        commune, siret = draw.choice(communes), invented_siret(number)
        street = ("", "", draw.randrange(1, 200), "", "RUE", "DES ESSAIS", "")
        place = (*street, commune.postcodes[0], commune.name, commune.code, "0470000000")
        yield (number, siret, siret, f"INSERTION D'ESSAI {number}", "8121Z", *place)


def _annexes(draw: Random, count: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        measure = draw.choice(_MEASURES)
        yield (number, measure, f"AF{number}", "VALIDE", "01/01/2026", "31/12/2999")
        yield (number, measure, f"AF{number}", "HISTORISE", "01/01/2025", "31/12/2025")
