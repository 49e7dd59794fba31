"""What a file really is, by its first bytes and never by its name; and pictures without what they tell of their taker."""

import io
import zipfile
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _

PIXELS = 60_000_000
EDGE = 4096
THUMB = 360
MEGABYTE = 1_000_000

LIMITS: dict[str, int] = {
    "image/jpeg": 20 * MEGABYTE,
    "image/png": 20 * MEGABYTE,
    "image/webp": 20 * MEGABYTE,
    "application/pdf": 30 * MEGABYTE,
    "video/mp4": 60 * MEGABYTE,
    "audio/mp4": 20 * MEGABYTE,
    "audio/mpeg": 20 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 20 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 20 * MEGABYTE,
}
SUFFIXES: dict[str, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class UnknownType(Invalid):
    """Not a kind of file we take."""

    message = _("This kind of file is not taken. Send a photo (JPEG, PNG, WebP), a PDF, an MP4, or a Word or Excel file.")


class BrokenPicture(Invalid):
    """A picture that cannot be read."""

    message = _("This picture cannot be read. Take it again, or send another one.")


class TooLarge(Invalid):
    """More than we keep."""

    message = _("This file is too large: {limit} MB at most for this kind of file.")


def sniff(stream: IO[bytes]) -> str:
    """Return the type of a file by its bytes."""
    head = stream.read(16)
    stream.seek(0)
    found = _by_head(head)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _office(stream)
    if found is None:
        raise UnknownType
    return found


def _by_head(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp":
        return {b"M4A ": "audio/mp4", b"heic": None, b"heix": None, b"mif1": None, b"avif": None}.get(head[8:12], "video/mp4")
    return "audio/mpeg" if head.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3")) else None


def _office(stream: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(stream) as parts:
            names = set(parts.namelist()[:5000])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        stream.seek(0)
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    for part, kind in (("word/document.xml", "wordprocessingml.document"), ("xl/workbook.xml", "spreadsheetml.sheet")):
        if part in names:
            return f"application/vnd.openxmlformats-officedocument.{kind}"
    return None


def cleaned(stream: IO[bytes], kind: str) -> tuple[bytes, bytes]:
    """Return a picture and its thumb as they are seen: turned upright, and without place, time or camera."""
    try:
        with Image.open(stream, formats=[FORMATS[kind]]) as picture:
            if picture.width * picture.height > PIXELS:
                raise BrokenPicture
            upright = ImageOps.exif_transpose(picture)
            upright = upright.convert("RGB" if kind == "image/jpeg" else "RGBA" if "A" in upright.getbands() else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, MemoryError):
        raise BrokenPicture from None
    upright.thumbnail((EDGE, EDGE))
    # A fresh picture carries none of the old one's notes; format by format there is always one more place to hide them.
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    small = fresh.convert("RGB")
    small.thumbnail((THUMB, THUMB))
    return _written(fresh, FORMATS[kind], 88), _written(small, "JPEG", 78)


def _written(picture: Image.Image, format: str, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, quality=quality, optimize=format == "JPEG")
    return out.getvalue()
