"""A picture made again: what it shows, and nothing of what it carries (place, device, comments,
another file behind it). In the helper process."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from annuaire.profiles.uploads.refusals import LEAST_SIDE, PIXELS, Refused

MEDIA_TYPE: Final = "image/webp"
WIDTHS: Final = (320, 800, 1600)  # px, what pages ask for
QUALITY: Final = 80
READ: Final = ("JPEG", "PNG", "WEBP")
_STARTS: Final = {b"GIF8": "animated", b"<svg": "svg", b"<?xml": "svg"}


def encoded(data: bytes) -> dict[int, bytes]:
    """The picture as WebP, by width: those of WIDTHS that are not wider than it, its own when it
    is narrower than all. Upright, without metadata. Raises Refused."""
    with warnings.catch_warnings():
        # Its size is looked at before its pixels are: a bomb is refused below.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = _opened(data)
    width, height = picture.size
    if width * height > PIXELS:
        raise Refused("too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise Refused("too_small")
    if getattr(picture, "n_frames", 1) > 1:
        raise Refused("animated")
    picture.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # a JPEG is read smaller
    try:
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error
    wanted = [each for each in WIDTHS if each <= plain.width] or [plain.width]
    return {each: _webp(plain, each) for each in wanted}


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=READ)
    except UnidentifiedImageError:
        raise Refused(_kind(data)) from None
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("broken") from error


def _kind(data: bytes) -> str:
    """Why bytes that are no picture of ours are refused."""
    head = data[:200].lstrip().lower()
    if b"ftyphei" in data[:40] or b"ftypmif1" in data[:40]:
        return "heic"
    starts = {start.lower(): code for start, code in _STARTS.items()}
    found = next((code for start, code in starts.items() if head.startswith(start)), "unknown")
    return "unknown" if found == "svg" and b"<svg" not in data[:4_000].lower() else found


def _webp(picture: Image.Image, width: int) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    small = picture.resize((width, height), Image.Resampling.LANCZOS)
    # A new picture holds no metadata of the one that it comes from.
    out = io.BytesIO()
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
