"""The figures of matching on labelled lots, on invented ones."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from annuaire.errors import InvalidInputError
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.candidates import Candidate, Held
from annuaire.matching.evaluate import ablation, evaluate, load_awards, load_rows, taught
from annuaire.matching.labelled import LABELLED

LOT = {
    "idweb": "26-9", "date": "2026-05-04", "objet": "Nettoyage de bureaux", "lot": "",
    "descripteurs": "Nettoyage de locaux", "acheteur": "Ville de Lille", "acheteur_cp": "59000",
    "acheteur_ville": "Lille", "departements": "59", "montant": "40000", "titulaire": "ORMES",
    "titulaire_sirets": "00000000000002",
}  # fmt: skip
NOTICE = {
    "idweb": "25-1", "date_publication": "2025-06-01", "departements": "59",
    "objet": "Nettoyage de bureaux", "acheteur": "Mairie de Lille", "cp": "59000",
    "ville": "Lille", "descripteurs_libelles": "Nettoyage de locaux",
}  # fmt: skip


def _csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _archive(path: Path, winner: str, **changes: str) -> Path:
    award = {"date": "2025-05-01", "titulaire": winner, "montant": 10.5, "lot": None}
    _csv(path.with_suffix(""), [{**NOTICE, "attributions_json": json.dumps([award]), **changes}])
    path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))
    return path


def _directory() -> list[Candidate]:
    cleaning = (Held("nettoyage-locaux", "naf", "8121Z", 0.4),)
    return [
        Candidate(
            key=name, name=name, siret=f"0000000000000{n}", kinds=("EI",), activities=cleaning,
            departement="59", region="32", lat=50.63, lon=3.06 + n / 5,
        )
        for n, name in enumerate(("TILLEULS", "SAULES", "ORMES"))
    ]  # fmt: skip


def test_keys_are_those_of_the_plan_and_the_nearest_is_the_first(tmp_path: Path) -> None:
    rows = load_rows(_csv(tmp_path / "lots.csv", [LOT]))
    figures = evaluate(rows, _directory(), [])
    depths = {"recall_at_5", "recall_at_10", "recall_at_20", "mrr"}
    assert set(figures) == {"n", "baselines"} | depths
    assert set(figures["baselines"]) == {"nearest", "naf", "random"}
    assert all(set(given) == depths for given in figures["baselines"].values())
    assert figures["n"] == 1
    assert figures["mrr"] == pytest.approx(0.3333)


@pytest.mark.parametrize(
    ("why", "changes", "mrr"),
    [
        ("an earlier award of the same buyer teaches", {}, 1.0),
        ("an award of the same day does not", {"date_publication": "2026-05-04"}, 0.3333),
        ("a later award does not", {"date_publication": "2026-06-04"}, 0.3333),
        ("the lot's own notice does not", {"idweb": "26-9"}, 0.3333),
    ],
)
def test_only_earlier_awards_teach(
    tmp_path: Path, why: str, changes: dict[str, str], mrr: float
) -> None:
    awards = load_awards([_archive(tmp_path / "notices.csv.gz", "SARL Ormes", **changes)])
    rows = load_rows(_csv(tmp_path / "lots.csv", [LOT]))
    assert evaluate(rows, _directory(), awards)["mrr"] == pytest.approx(mrr), why


def test_winner_of_the_lot_is_never_an_input(tmp_path: Path) -> None:
    rows = load_rows(_csv(tmp_path / "lots.csv", [LOT]))
    changed = load_rows(_csv(tmp_path / "autres.csv", [LOT | {"titulaire": "TILLEULS"}]))
    assert evaluate(rows, _directory(), []) == evaluate(changed, _directory(), [])


def test_labelled_file_may_teach_later_lots(tmp_path: Path) -> None:
    earlier = LOT | {"idweb": "25-3", "date": "2025-01-02"}
    awards = list(load_awards([_csv(tmp_path / "lots.csv", [earlier])]))
    assert [c.name for c in taught(_directory(), awards) if c.wins] == ["ORMES"]


def test_winner_outside_the_directory_is_counted_as_missed(tmp_path: Path) -> None:
    lot = LOT | {"titulaire_sirets": "99999999999999"}
    figures = evaluate(load_rows(_csv(tmp_path / "lots.csv", [lot])), _directory(), [])
    assert (figures["recall_at_20"], figures["mrr"]) == (0, 0)


def test_ablation_has_a_row_for_each_feature(tmp_path: Path) -> None:
    table = ablation(load_rows(_csv(tmp_path / "lots.csv", [LOT])), _directory(), [])
    assert [row["off"] for row in table][:2] == ["none", "activity"]
    assert all("mrr" in row for row in table)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "colonnes absentes"),
        (b"a,b\n1,2\n", "colonnes absentes"),
        ("idweb,é\n".encode("latin-1"), "illisible"),
        (",".join(sorted(LABELLED)).encode() + b"\n" + b"x," * 20, "ligne 2 : date"),
    ],
)
def test_other_file_is_refused_with_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "lots.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=said) as refused:
        load_rows(path)
    assert "lots.csv" in refused.value.message


def test_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = _archive(tmp_path / "notices.csv.gz", "Ormes")
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(InvalidInputError, match="illisible"):
        list(load_awards([path]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ville de Millau", "COMMUNE DE MILLAU"),
        ("Mairie de Millau", "Commune d'Millau"),
        ("COMMUNE DE MILLAU (MAIRIE)", "Ville de Millau"),
        ("Conseil départemental de l'Ariège", "DEPARTEMENT DE L ARIEGE"),
        ("Communauté d'agglomération du Lac", "CA du Lac"),
    ],
)
def test_buyer_identity_is_one_for_spellings_of_one_buyer(one: str, other: str) -> None:
    assert buyer_identity(one, "12100") == buyer_identity(other, "12100")
    assert buyer_identity(one, "12100") != buyer_identity(other, "59000")
