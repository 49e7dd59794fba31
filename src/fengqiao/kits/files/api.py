"""Sending a file."""

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from fengqiao.access.doors import act_from
from fengqiao.access.gates import door
from fengqiao.kits.files import services
from fengqiao.kits.files.schemas import FileOut, file_out

MOUNT = "/files"
router = Router(tags=["files"])


@router.post("", response={201: FileOut}, auth=door, summary="Send a file, to be bound to a case within a day")
def send_file(request: HttpRequest, file: UploadedFile = File(...)) -> Status[FileOut]:
    """Keep a file; whoever has a form of ours may send one, and sees it until it is bound."""
    return Status(201, file_out(services.keep(act_from(request), file)))
