"""The page on which the officers' desk runs: one empty frame, its script and its style sheets, nothing inline.

The script is built from `web/` into the static folder; Vite's manifest says under which names.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import re_path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.base.words import _
from fengqiao.kits.web.context import page as page_facts
from fengqiao.kits.web.pages import error_page
from fengqiao.people import queries as people

MANIFEST = Path(__file__).parent / "static" / "desk" / "manifest.json"
ENTRY = "src/desk/main.ts"
NOT_BUILT = _("The desk has not been built on this machine. Run `./run setup`, then load this page again.")
NEEDS_SCRIPT = _("The desk needs JavaScript. Please switch it on for this address.")

PAGE = """<!doctype html>
<html lang="{language}" class="{theme}" data-language-cookie="{cookie}" data-zone="{zone}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{icon}" type="image/svg+xml">
{styles}{preloads}<script type="module" src="{script}"></script>
</head>
<body><div id="desk"><noscript>{needs_script}</noscript></div></body>
</html>
"""


@never_cache
@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk; which of its views is the script's business."""
    if not MANIFEST.exists():
        return error_page(request, 503, NOT_BUILT.say(gettext))
    script, imports, styles = built(MANIFEST.stat().st_mtime)
    facts = page_facts(request)
    page = format_html(
        PAGE,
        language="en" if (get_language() or "").startswith("en") else "zh-Hans",
        theme="dark" if facts["theme"] == "dark" else "",
        cookie=settings.LANGUAGE_COOKIE_NAME,
        zone=people.zone().key,
        title=facts["house_name"],
        icon=static("web/leaf.svg"),
        styles=_links('<link rel="stylesheet" href="{}">\n', styles),
        preloads=_links('<link rel="modulepreload" href="{}">\n', imports),
        script=static(f"desk/{script}"),
        needs_script=NEEDS_SCRIPT.say(gettext),
    )
    return HttpResponse(page)


def _links(link: str, files: tuple[str, ...]) -> SafeString:
    return format_html_join("", link, ((static(f"desk/{file}"),) for file in files))


@lru_cache(maxsize=4)
def built(written_at: float) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the script, what it imports at once, and its style sheets; read again when the manifest was written anew."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = manifest[name]
            waiting += manifest[name].get("imports", [])
    styles = tuple(dict.fromkeys(sheet for chunk in found.values() for sheet in chunk.get("css", [])))
    return manifest[ENTRY]["file"], tuple(chunk["file"] for name, chunk in found.items() if name != ENTRY), styles


urlpatterns = [re_path(r"^desk/(?:.*)$", desk, name="desk")]
