"""The ASP's zip, protected by a password (ZipCrypto), unpacked for the time of a reading."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from importers.files.lines import BOMB_BYTES, BOMB_RATIO, BROKEN, CHUNK
from importers.rows import UnreadableFile

MEMBER = "EA2_ITOU.txt"
AES = 99  # compression type of WinZip's own cipher
_ENCRYPTED = 0x1  # general purpose flag of a member


def is_archive(path: Path) -> bool:
    """Whether the file begins as a zip."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


@contextmanager
def unpacked(path: Path, password: str | None) -> Iterator[Path]:
    """The member to read, in a folder that is removed afterwards.

    `EA2_ITOU.txt` when there, else the only file. Raises UnreadableFile for another archive, a
    wrong or missing password, a cipher other than ZipCrypto, or a zip bomb.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                member = _choose(path, archive)
                target = Path(folder) / (PurePosixPath(member.filename).name or MEMBER)
                _unpack(path, archive, member, password, target)
        except BROKEN as e:
            raise UnreadableFile(
                f"{path.name} : l'archive zip est abîmée ou d'une forme inconnue ; téléchargez-la "
                "à nouveau, ou décompressez-la vous-même."
            ) from e
        yield target


def _choose(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX")
    ]
    named = [m for m in files if PurePosixPath(m.filename).name.upper() == MEMBER.upper()]
    if len(named) == 1:
        return named[0]
    if len(files) != 1:
        raise UnreadableFile(
            f"{path.name} : l'archive zip contient {len(files)} fichiers, et pas un seul {MEMBER}."
        )
    return files[0]


def _unpack(
    path: Path,
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    password: str | None,
    target: Path,
) -> None:
    locked = bool(member.flag_bits & _ENCRYPTED)
    if locked and not password:
        raise UnreadableFile(
            f"{path.name} : l'archive est protégée ; donnez son mot de passe dans le réglage "
            "ANNUAIRE_EA2_PASSWORD."
        )
    if locked and member.compress_type == AES:
        raise UnreadableFile(
            f"{path.name} : le chiffrement AES de cette archive n'est pas pris en charge ; "
            "décompressez-la vous-même."
        )
    wrong = f"{path.name} : le mot de passe est faux, ou l'archive est abîmée."
    try:
        secret = password.encode() if locked and password else None
        with archive.open(member, pwd=secret) as packed, target.open("wb") as file:
            _copy(path, packed, file)
    except RuntimeError as e:
        raise UnreadableFile(wrong) from e
    except (zipfile.BadZipFile, zlib.error) as e:
        if locked:  # one wrong password in 256 passes the first check
            raise UnreadableFile(wrong) from e
        raise


def _copy(path: Path, packed: IO[bytes], file: IO[bytes]) -> None:
    limit = max(BOMB_BYTES, BOMB_RATIO * path.stat().st_size)
    free = shutil.disk_usage(tempfile.gettempdir()).free // 2
    given = 0
    while chunk := packed.read(CHUNK):
        given += len(chunk)
        if given > min(limit, free):
            raise UnreadableFile(
                f"{path.name} : l'archive gonfle démesurément en se décompressant, elle est "
                "refusée par prudence."
            )
        file.write(chunk)
