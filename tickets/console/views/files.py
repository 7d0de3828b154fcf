"""Files of messages, served to members only, typed by their content and never run."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse

from channels_social.enums import MediaState
from channels_social.models import Media
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Attachment

SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mpeg", "application/pdf"}


@for_members(Permission.SEE_CASES)
def media(request: Any, pk: int) -> HttpResponse:
    """One stored file; what is not an image, video or PDF is only offered for download."""
    row = Media.objects.filter(pk=pk, state=MediaState.STORED).first()
    # A file is seen with a message it came with: the policies know whose that is.
    shown = row is not None and Attachment.objects.filter(media=row).exists()
    if row is None or not shown or not default_storage.exists(row.file):
        raise Http404
    return stored(row)


def stored(row: Media) -> HttpResponse:
    """The bytes of a stored file; who may see it was asked."""
    content_type = row.content_type if row.content_type in SHOWN else "application/octet-stream"
    response = FileResponse(
        default_storage.open(row.file),
        content_type=content_type,
        as_attachment=row.content_type not in SHOWN,
        filename=row.name or f"archivo-{row.pk}",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response
