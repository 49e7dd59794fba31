"""Sending a file."""

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from fengqiao.access import throttle
from fengqiao.access.doors import act_from, brings_form
from fengqiao.access.gates import door
from fengqiao.access.sessions import address
from fengqiao.base.act import ActorKind
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.kits.files import services
from fengqiao.kits.files.schemas import FileOut, file_out

MOUNT = "/files"
router = Router(tags=["files"])


class FormNeeded(NotAllowed):
    """Somebody without a name sent a file outside a form of ours."""

    message = _("This file came without a form of ours, or the form is too old. Open the form again and send the file from there.")


@router.post("", response={201: FileOut}, auth=door, summary="Send a file, to be bound to a case within a day")
def send_file(request: HttpRequest, file: UploadedFile = File(...)) -> Status[FileOut]:
    """Keep a file; whoever has a form of ours may send one, and sees it until it is bound."""
    act = act_from(request)
    if act.actor.kind == ActorKind.ANONYMOUS and not brings_form(request):
        raise FormNeeded
    throttle.count(act, "photo", address(request), settings.FENGQIAO_ANONYMOUS_PHOTOS)
    return Status(201, file_out(services.keep(act, file)))
