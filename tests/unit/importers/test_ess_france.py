"""The list of ESS France: a fact of the company, told to its structures and to nobody else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.files import invented_siret
from annuaire.structures.records import Known
from importers.rows import InvalidRow, UnreadableFile
from importers.sources.ess_france import read
from importers.sources.ess_france.reader import read_siren
from tests.factories.enrichment import ESS_COLUMNS, write_ess

SIRET = invented_siret(1)
SECOND = SIRET[:9] + "00029"
KNOWN = Known(frozenset({SIRET, SECOND, "00572061000019"}), frozenset({"990000416"}))


def test_a_company_of_the_list_is_said_of_each_of_its_structures(tmp_path: Path) -> None:
    path = write_ess(tmp_path / "ess.csv", "111111118", SIRET[:9], "990000416", "005720610")
    found = [(row.number, row.record.source_key) for row in read(path, KNOWN) if row.record]
    assert found == [
        (3, SIRET), (3, SECOND), (4, "siren:990000416"), (5, "00572061000019"),
    ]  # fmt: skip


def test_it_tells_that_alone_and_grants_no_status(tmp_path: Path) -> None:
    row = next(iter(read(write_ess(tmp_path / "ess.csv", SIRET[:9]), KNOWN)))
    assert row.record
    assert row.record.as_data() == {
        "source_key": SIRET,
        "statuses": [],
        "siret": SIRET,
        "ess": True,
        "extra": {"family": "Associations"},
    }
    assert row.warnings == ()


def test_a_company_listed_twice_counts_once(tmp_path: Path) -> None:
    path = write_ess(tmp_path / "ess.csv", SIRET[:9], SIRET[:9])
    assert [row.record.siret for row in read(path, KNOWN) if row.record] == [SIRET, SECOND]


@pytest.mark.parametrize(
    ("text", "siren"), [("5720610", "005720610"), (" 990000416 ", "990000416"), ("1", "000000001")]
)
def test_lost_zeros_are_put_back(text: str, siren: str) -> None:
    assert read_siren(text) == siren


@pytest.mark.parametrize("text", ["", "0", "000000000", "9,9E+08", "1234567890", "٩٩٠", "abc"])
def test_what_is_no_siren_is_refused(text: str) -> None:
    with pytest.raises(InvalidRow):
        read_siren(text)


@given(st.sampled_from([b"", ",".join(ESS_COLUMNS).encode() + b"\n"]), st.binary(max_size=300))
def test_any_bytes(start: bytes, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ess.csv"
        path.write_bytes(start + data)
        try:
            rows = list(read(path, KNOWN))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_any_number(text: str) -> None:
    try:
        siren = read_siren(text)
    except InvalidRow:
        return
    assert len(siren) == 9
