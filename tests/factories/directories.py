"""Directories other than the SIAE's CSV, in their genuine formats, of invented organisations."""

import csv
from pathlib import Path

from tests.factories.files import LILLE

FIXTURES = Path(__file__).parent.parent / "fixtures"


def write_esats(
    path: Path, *numbers: tuple[str, str | None], street: str = "DES ESSAIS", phone: str = ""
) -> Path:
    """FINESS's legacy CSV: ESAT in Lille, by (FINESS number, SIRET or None)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(("finess", "etalab", "1", "2026-05-12"))
        for finess, siret in numbers:
            name = f"ESAT LES CEDRES {finess}"
            writer.writerow((
                "structureet", finess, "590000000", name, name, "", "", "1", "R", street, "", "",
                "350", "59", "NORD", "59000 LILLE", phone, "", "246",
                "Etablissement et Service d'Aide par le Travail (E.S.A.T.)", "4302",
                "Etab.et Services de Travail Protégé pour Adultes Handicapés", siret or "", "8810C",
                "", "", "", "", "1975-01-01", "1975-01-01", "2024-02-01", "",
            ))  # fmt: skip
    return path


def write_asp(folder: Path, *structures: tuple[str, str, str]) -> tuple[Path, Path]:
    """The ASP's pair: EI by (ASP number, SIRET signed, SIRET of today), in force for long."""
    folder.mkdir(parents=True, exist_ok=True)
    cells: list[list[dict[str, str]]] = [[], []]
    for number, signed, current in structures:
        cells[0].append(
            {
                "structure_id_siae": number,
                "structure_siret_signature": signed,
                "structure_siret_actualise": current,
                "structure_denomination": f"INSERTION D'ESSAI {number}",
                "structure_code_naf": "8121Z",
                "structure_adresse_gestion_numero": "1",
                "structure_adresse_gestion_type_voie": "RUE",
                "structure_adresse_gestion_nom_voie": "DES ESSAIS",
                "structure_adresse_gestion_cp": LILLE["post_code"],
                "structure_adresse_gestion_commune": "LILLE",
                "structure_adresse_gestion_code_insee": "59350",
            }
        )
        cells[1].append(
            {
                "af_id_structure": number,
                "af_mesure_dispositif_code": "EI_DC",
                "af_numero_annexe_financiere": f"EI0592600{number}",
                "af_numero_avenant_renouvellement": "0",
                "af_numero_avenant_modification": "0",
                "af_etat_annexe_financiere_code": "VALIDE",
                "af_date_debut_effet": "01/01/2026",
                "af_date_fin_effet": "31/12/2099",
            }
        )
    paths = []
    for name, rows in zip(("Structure", "AnnexeFinanciere"), cells, strict=True):
        model = (FIXTURES / "siae" / f"fluxIAE_{name}.csv").read_text(encoding="utf-8")
        first, header = model.splitlines()[:2]
        columns = header.split("|")
        assert all(set(row) <= set(columns) for row in rows)
        lines = ["|".join(row.get(column, "") for column in columns) for row in rows]
        end = f"FIN{len(rows)}" + "|" * (len(columns) - 1)
        path = folder / f"fluxIAE_{name}.csv"
        path.write_text("\n".join((first, header, *lines, end, "")), encoding="utf-8")
        paths.append(path)
    return paths[0], paths[1]


def write_eas(path: Path, *structures: tuple[str, str, str]) -> Path:
    """A regional list of entreprises adaptées in Lille: (SIRET, name, address)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Raison sociale", "SIRET", "Adresse", "Code postal", "Commune"])
        writer.writerows([name, siret, at, "59000", "Lille"] for siret, name, at in structures)
    return path


def write_agreements(path: Path, *sirens: str) -> Path:
    """The Treasury's list of ESUS as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Raison sociale", "SIREN", "Date d'agrément"])
        writer.writerows(["SOCIETE D'ESSAI", siren, "02/01/2026"] for siren in sirens)
    return path
