"""Archives and workbooks made for tests: what the standard library reads and cannot write."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

Cell = str | int | float | bool | date | None


def write_xlsx(path: Path, rows: Sequence[Sequence[Cell]], *more: Sequence[Sequence[Cell]]) -> Path:
    """A workbook of one sheet, or of several; dates are true dates, None an empty cell."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for table in (rows, *more):
        sheet = book.add_worksheet()
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(y, x, cell, day)
                elif cell is not None:
                    sheet.write(y, x, cell)
    book.close()
    return path


def protected_zip(name: str, data: bytes, password: str) -> bytes:
    """A zip of one member under a password, by the traditional cipher (ZipCrypto) that the
    ASP uses and `zipfile` only reads (APPNOTE.TXT 6.1)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    check = zlib.crc32(data) >> 24
    secret = _encrypt(bytes(11) + bytes([check]) + packed, password.encode())
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, data)
    return _with_member(plain.getvalue(), name, packed, secret)


def _with_member(archive: bytes, name: str, packed: bytes, secret: bytes) -> bytes:
    """A plain archive of one member, its content put under the cipher and its headers told so."""
    local, central, end = (
        30 + len(name),
        archive.index(b"PK\x01\x02"),
        archive.rindex(b"PK\x05\x06"),
    )
    assert archive[local:central] == packed
    size = len(secret).to_bytes(4, "little")
    head, entry, tail = bytearray(archive[:local]), bytearray(archive[central:end]), archive[end:]
    head[6] |= 1
    head[18:22] = size
    entry[8] |= 1
    entry[20:24] = size
    start = (local + len(secret)).to_bytes(4, "little")
    return bytes(head) + secret + bytes(entry) + tail[:16] + start + tail[20:]


def _encrypt(data: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def turn(byte: int) -> None:
        keys[0] = _crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[2], keys[1] >> 24)

    for byte in password:
        turn(byte)
    out = bytearray()
    for byte in data:
        mask = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 255))
        turn(byte)
    return bytes(out)


def _crc(crc: int, byte: int) -> int:
    return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
