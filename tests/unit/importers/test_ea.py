"""Entreprises adaptées: the ASP's file, in or out of its protected archive, and regional lists."""

import gzip
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.ea import read
from tests.factories.archives import protected_zip, write_xlsx

EA2 = Path(__file__).parents[2] / "fixtures" / "ea" / "EA2_ITOU.txt"
SIRET = "99000011900018"


def keys(rows: list[Row[StructureRecord]]) -> list[str]:
    return [row.record.source_key for row in rows if row.record]


def read_text(
    folder: Path, text: str | bytes, password: str | None = None
) -> list[Row[StructureRecord]]:
    path = folder / "ea.bin"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(path, password))


def test_an_establishment_comes_once_for_each_kind_and_prisons_are_left_out() -> None:
    rows = list(read(EA2))
    assert keys(rows) == [f"{SIRET}-EA", f"{SIRET}-EATT", "99000013500014-EA"]
    assert [(r.number, r.warnings, r.refusal) for r in rows if not r.record] == [
        (5, (), None), (6, (), None),
    ]  # fmt: skip


def test_the_commune_is_named_by_its_code() -> None:
    first, *_, last = (row.record for row in read(EA2) if row.record)
    assert (first.address, first.city, first.code_insee) == (
        "5 BIS Rue DE L ESSAI",
        "Lyon",
        "69123",
    )
    assert (last.address, last.departement, last.geo_precision) == ("BATIMENT C", "974", "commune")


def test_the_contact_s_address_is_not_kept() -> None:
    assert all("@" not in str(row.record.as_data()) for row in read(EA2) if row.record)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Entreprise Adaptée|00000004", "Entreprise|00000004", "type"),
        ("99000013500014|EA DE L EXEMPLE|13||", "99|EA DE L EXEMPLE|13||", None),
        ("|99000013500014|EA DE L EXEMPLE|13|B", "|9,9E+13|EA DE L EXEMPLE|13|B", "siret_tableur"),
        ("EA DE L EXEMPLE|13|B", "|13|B", "vide"),
        ("|97400|97411|", "|||", "departement"),
        ("|97400|97411|", "|97400|", "cellules"),
    ],
)
def test_a_wrong_row_is_refused_and_the_others_land(
    tmp_path: Path, old: str, new: str, code: str | None
) -> None:
    rows = read_text(tmp_path, EA2.read_text(encoding="utf-8").replace(old, new))
    assert [r.refusal.code for r in rows if r.refusal] == ([code] if code else [])
    assert keys(rows)[:2] == [f"{SIRET}-EA", f"{SIRET}-EATT"]


def test_a_file_without_rows_is_right(tmp_path: Path) -> None:
    lines = EA2.read_text(encoding="utf-8").splitlines()
    assert read_text(tmp_path, "\n".join([*lines[:2], lines[-1]])) == []


def test_a_cut_file_is_unreadable(tmp_path: Path) -> None:
    text = EA2.read_bytes()
    with pytest.raises(UnreadableFile, match="tronqué"):
        read_text(tmp_path, text[: text.rindex(b"97411") - 20])


@pytest.mark.parametrize("password", ["secret", "mot de passe à É"])
def test_the_protected_archive_opens_with_its_password(tmp_path: Path, password: str) -> None:
    data = protected_zip("EA2_ITOU.txt", EA2.read_bytes(), password)
    assert len(keys(read_text(tmp_path, data, password))) == 3


@pytest.mark.parametrize(
    ("password", "said"), [(None, "ANNUAIRE_EA2_PASSWORD"), ("", "ANNUAIRE_EA2_PASSWORD")]
)
def test_a_missing_password_is_asked_for(tmp_path: Path, password: str | None, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_text(tmp_path, protected_zip("EA2_ITOU.txt", EA2.read_bytes(), "secret"), password)


def test_every_wrong_password_is_called_so(tmp_path: Path) -> None:
    """One in 256 passes the cipher's own check, and is found out by what it gives."""
    data = protected_zip("EA2_ITOU.txt", EA2.read_bytes(), "secret")
    for i in range(600):
        with pytest.raises(UnreadableFile, match="mot de passe est faux"):
            read_text(tmp_path, data, f"faux {i}")


def test_an_open_archive_needs_no_password_and_may_hold_more(tmp_path: Path) -> None:
    path = tmp_path / "FLUX_EA2_ITOU_20261102.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(EA2, "sortie/EA2_ITOU.txt")
        archive.writestr("lisez-moi.txt", "rien")
    assert len(keys(list(read(path)))) == len(keys(list(read(path, "inutile")))) == 3


@pytest.mark.parametrize("names", [(), ("a.txt", "b.txt")])
def test_an_archive_of_anything_else_is_unreadable(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dossier/", "")
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(UnreadableFile, match=f"contient {len(names)} fichiers"):
        list(read(path))


def test_a_zip_bomb_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bombe.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("EA2_ITOU.txt", "w") as member,
    ):
        for _ in range(110):
            member.write(b"0" * 1_000_000)
    with pytest.raises(UnreadableFile, match="prudence"):
        list(read(path))


def test_a_region_s_list_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    rows = read_text(
        tmp_path,
        "Entreprises adaptées de la région;;;;;;\n"
        "Raison sociale;N° SIRET;Type;CP;Ville;Tél.;Activités\n"
        "EA DU MODELE;990 000 119 00018;;69003;Lyon;02 61 91 00 01;"
        '"Espaces verts ; blanchisserie"\n'
        "EATT DU MODELE;99000011900018;EATT;69003;Lyon;;\n"
        "EA DU MODELE;99000011900018;Entreprise adaptée;69003;Lyon;;\n"
        "EA SANS NUMERO;;EA;69003;Lyon;;\n",
    )
    assert keys(rows) == [f"{SIRET}-EA", f"{SIRET}-EATT"]
    record = rows[0].record
    assert record
    assert record.declared_activities == ("espaces-verts-entretien", "blanchisserie")
    assert (record.phone, record.departement, rows[0].warnings) == ("+33261910001", "69", ())
    assert [w.code for w in rows[2].warnings] == ["doublon"]
    assert [r.refusal.code for r in rows if r.refusal] == ["siret"]


def test_a_region_s_workbook_is_read_like_its_csv(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "ea.xlsx",
        [["Siret", "Nom", "Code postal", "Commune"], [int(SIRET), "EA DU MODELE", 69003, "Lyon"]],
    )
    assert keys(list(read(path))) == [f"{SIRET}-EA"]


@given(st.binary(max_size=200), st.integers(0, 4))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes, kept: int) -> None:
    lines = EA2.read_bytes().splitlines(keepends=True)
    whole = protected_zip("EA2_ITOU.txt", EA2.read_bytes(), "secret")
    starts = (
        b"".join(lines[:kept]),
        b"siret;nom\n",
        b"PK\x03\x04",
        gzip.compress(b"a"),
        whole[:60],
    )
    with tempfile.TemporaryDirectory() as folder:
        for start in starts:
            try:
                rows = read_text(Path(folder), start + data, "secret")
            except UnreadableFile:
                continue
            assert all(row.record is None or row.refusal is None for row in rows)


def test_the_real_example_is_read(shared_data: Path) -> None:
    rows = list(read(shared_data / "directories" / "ea" / "EA2_ITOU_example.txt"))
    assert keys(rows) == [
        "00000000000001-EA", "00000000000001-EATT", "00000000000002-EA", "00000000000003-EA",
    ]  # fmt: skip
    assert {w.code for r in rows for w in r.warnings} == {"siret_cle"}
