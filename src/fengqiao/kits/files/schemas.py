"""What the API says of a file."""

from uuid import UUID

from ninja import Schema

from fengqiao.kits.files.models import File


class FileOut(Schema):
    """A kept file."""

    id: UUID
    name: str
    size: int
    type: str
    sha256: str
    url: str
    thumb: str | None


def file_out(file: File) -> FileOut:
    """Say what a file is and where it is read."""
    url = f"/files/{file.id}/"
    return FileOut(
        id=file.id,
        name=file.name,
        size=file.size,
        type=file.type,
        sha256=file.sha256,
        url=url,
        thumb=f"{url}?thumb=1" if file.thumb else None,
    )
