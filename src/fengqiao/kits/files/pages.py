"""Getting a file."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.urls import path
from django.views.decorators.http import require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from
from fengqiao.kits.files.queries import read

INLINE = {"image/jpeg", "image/png", "image/webp", "video/mp4", "audio/mp4", "audio/mpeg"}


@require_safe
def file(request: HttpRequest, id: UUID) -> FileResponse:
    """Serve a file; whatever is not a picture or a sound is saved and never opened in our name."""
    thumb = "thumb" in request.GET
    act = act_from(request)
    with acting(act):
        found, stream = read(act, id, thumb=thumb)
    kind = "image/jpeg" if thumb else found.type
    response = FileResponse(stream, as_attachment=kind not in INLINE, filename=found.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


urlpatterns = [path("files/<uuid:id>/", file, name="file")]
