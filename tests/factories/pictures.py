"""Pictures and proofs, right and wrong, made in memory."""

import io
import struct
import zipfile
import zlib

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

CARRIED = "exemple-secret"


def photo(width: int = 400, height: int = 300, *, turned: bool = False) -> bytes:
    """A JPEG, red on the left and blue on the right, that says where and with what it was taken;
    `turned` by its orientation alone."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010F] = CARRIED  # Make
    exif[0x0112] = 6 if turned else 1  # Orientation: a quarter turn
    exif.get_ifd(0x8825)[2] = (50.0, 38.0, 0.0)  # GPSLatitude
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=CARRIED.encode())
    return out.getvalue()


def png(width: int = 200, height: int = 100, *, frames: int = 1) -> bytes:
    """A PNG with transparency, animated when it has several frames."""
    shown = [Image.new("RGBA", (width, height), (0, 40 * n, 0, 100)) for n in range(frames)]
    out = io.BytesIO()
    shown[0].save(out, "PNG", save_all=frames > 1, append_images=shown[1:])
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (100, 100)).save(out, "GIF")
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of some bytes that says to be of side × side pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("cache.html", f"<script>{CARRIED}</script>")
    return out.getvalue()


def pdf(*, lock: str = "", script: bool = False) -> bytes:
    """A PDF of one page."""
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(lock) if lock else None)
    canvas.drawString(100, 700, "Attestation d'essai")
    canvas.showPage()
    canvas.save()
    data = out.getvalue()
    if script:  # an action of the document, written by hand: reportlab makes none
        names = b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >> "
        data = data.replace(b"/Type /Catalog", names + b"/Type /Catalog", 1)
    return data
