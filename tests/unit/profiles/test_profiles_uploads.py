"""What is kept of a picture or a proof that is sent, and what is refused."""

import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from annuaire.profiles.uploads.apart import opened
from annuaire.profiles.uploads.pictures import encoded
from annuaire.profiles.uploads.proofs import checked
from annuaire.profiles.uploads.refusals import SIZE_MB, FileRefusedError, Refused
from annuaire.profiles.uploads.store import keep, path_of, remove_others
from tests.factories.pictures import CARRIED, archive, bomb, gif, pdf, photo, png

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


def test_picture_is_made_again_without_what_it_carries() -> None:
    files = encoded(photo(2_000, 1_000) + archive())
    assert sorted(files) == [320, 800, 1600]
    for width, data in files.items():
        shown = Image.open(io.BytesIO(data))
        assert (shown.format, shown.size) == ("WEBP", (width, width // 2))
        assert not shown.getexif()
        assert shown.info.keys() <= {"loop", "background", "timestamp", "duration"}
        assert CARRIED.encode() not in data
        assert b"PK\x03\x04" not in data


def test_picture_is_upright_and_no_wider_than_it_was() -> None:
    (width, data), *more = encoded(photo(300, 200, turned=True)).items()
    shown = Image.open(io.BytesIO(data)).convert("RGB")
    assert (width, shown.size, more) == (200, (200, 300), [])
    red, _, blue = shown.getpixel((100, 20))  # type: ignore[misc]  # three bands
    assert red > 200 > blue  # what was on the left is above


def test_transparency_of_a_logo_is_kept() -> None:
    (data,) = encoded(png()).values()
    assert Image.open(io.BytesIO(data)).mode == "RGBA"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF8", "animated"),
        (gif(), "animated"),
        (png(frames=3), "animated"),
        (SVG, "svg"),
        (b"  <svg onload=alert(1)>", "svg"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (pdf(), "unknown"),
        (archive(), "unknown"),
        (b"<html><script>1</script>", "unknown"),
        (b"<?xml version='1.0'?><note/>", "unknown"),
        (bomb(8_000), "too_many_pixels"),
        (bomb(60_000), "too_many_pixels"),
        (bomb(2_000), "broken"),
        (photo()[:600], "broken"),
        (png(10, 10), "too_small"),
    ],
)
def test_picture_that_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        encoded(data)
    assert refusal.value.code == code


def test_proof_is_a_pdf_as_it_came_or_a_picture_made_again() -> None:
    data = pdf()
    assert checked(data) == {0: data}
    head, rest = data.split(b"\n", 1)
    scan = b"\n".join((head, b"% PK\5\6" + b" " * 70_000, rest))
    assert checked(scan) == {0: scan}  # the mark of an archive, where none may end
    (width, again), *more = checked(photo()).items()
    assert (width, more) == (320, [])
    assert CARRIED.encode() not in again


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(lock="essai"), "password"),
        (pdf(script=True), "active"),
        (pdf() + archive(), "two_files"),
        (b"\n" + pdf(), "two_files"),
        (pdf()[:400], "broken"),
        (archive(), "not_proof"),
        (SVG, "svg"),
    ],
)
def test_proof_that_hides_something_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(data)
    assert refusal.value.code == code


def test_files_are_opened_by_a_process_of_their_own(tmp_path: Path) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(photo(900, 300))
        found = opened(file, "picture")
    assert (found.media_type, sorted(found.files)) == ("image/webp", [320, 800])
    sha256 = keep(tmp_path, found.files)
    assert keep(tmp_path, found.files) == sha256
    assert path_of(tmp_path, sha256, 320).read_bytes() == found.files[320]
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 2
    later = datetime.now(UTC) + timedelta(days=1)
    assert remove_others(tmp_path, {sha256}, later) == 0
    assert remove_others(tmp_path, (), later - timedelta(days=2)) == 0
    assert remove_others(tmp_path, (), later) == 2
    assert not path_of(tmp_path, sha256, 800).exists()


@pytest.mark.parametrize(
    ("size", "said"), [(0, "vide"), ((SIZE_MB << 20) + 1, f"plus de {SIZE_MB} Mo"), (9, "image")]
)
def test_file_that_is_not_opened_says_why(size: int, said: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.truncate(size)
        with pytest.raises(FileRefusedError, match=said):
            opened(file, "picture")
