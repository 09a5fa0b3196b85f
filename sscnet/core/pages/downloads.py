"""Files that are not public: given to those who may, and kept by no browser."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from sscnet.core.uploads import safe_download_name

from .views import DO_NOT_KEEP


def give(file, title: str) -> FileResponse:
    """Return a stored file as a download with a readable name; 404 where there is none."""
    if not file:
        raise Http404
    try:
        stored = default_storage.open(file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    extension = file.name.rpartition(".")[2]
    return private_download(FileResponse(stored), safe_download_name(title, extension))


def private_download(response, name: str):
    response["Cache-Control"] = DO_NOT_KEEP
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
