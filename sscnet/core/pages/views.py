"""What apps answer alike: files, what is withdrawn, a question before deleting."""

import io

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ..forms.kept_posts import keep_rest, typed_in
from ..models import UploadedDocument, UploadedPicture
from ..personal_data.sealed import Unreadable
from ..uploads.documents import DOCUMENT_FOLDER, safe_download_name
from ..uploads.pictures import PICTURE_FOLDER, as_jpeg

# A file never changes under its name, so a browser may keep it for a year.
KEEP = "public, max-age=31536000, immutable"
DO_NOT_KEEP = "private, no-store"
# Pictures are stored as WebP; as JPEG they are made for the few programs that ask for it.
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


def withdrawn(request, template, record, name):
    """Answer in place of a withdrawn record; the address of a duplicate leads to the one kept."""
    withdrawal = record.withdrawal
    if withdrawal and withdrawal.is_duplicate and withdrawal.replacement:
        return redirect(withdrawal.replacement, permanent=True)
    return render(request, template, {name: record})


def ask_first(request, question, gone, answer, back, about="", keep=()):
    """Return a page that asks before what cannot be undone; None once the person is sure.

    `keep` names fields that are filled in again where the page `back` is chosen.
    """
    if request.method == "POST" and "sure" in request.POST:
        return None
    if keep:
        keep_rest(request, keep, back)
    context = {
        "question": question,
        "about": about,
        "gone": gone,
        "answer": answer,
        "back": back,
        "typed": typed_in(request),
    }
    return render(request, "ask_first.html", context)


@require_safe
def document(request, name):
    found = find(UploadedDocument, file=f"{DOCUMENT_FOLDER}/{name}")
    file = open_for(request, found, found.file.name)
    return answer(found, file, as_attachment=True, filename=found.download_name)


@require_safe
def picture(request, folder, width, form):
    found = find(UploadedPicture, image__startswith=f"{PICTURE_FOLDER}/{folder}/")
    file = open_for(request, found, found.names_by_width.get(int(width)))
    if form == "jpg":
        with file:
            file = io.BytesIO(as_jpeg(file))
    return answer(found, file, content_type=CONTENT_TYPES[form])


def find(kind, **lookup):
    """Find the one document or picture, whichever app's model of this kind it belongs to."""
    models = (model for model in apps.get_models() if issubclass(model, kind))
    found = (model.objects.filter(**lookup).first() for model in models)
    if not (first := next(filter(None, found), None)):
        raise Http404
    return first


def open_for(request, uploaded, name):
    """Open a file for those who may see it."""
    if not name or not (uploaded.is_public or may_see(request.user, uploaded)):
        raise Http404
    return stored(name)


def stored(name: str, storage: Storage = default_storage) -> File:
    try:
        return storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error


def may_see(user, uploaded):
    """Return whether the user may: staff who may view its record, and whom the model allows."""
    options = uploaded._meta
    if user.has_perm(f"{options.app_label}.view_{options.model_name}"):
        return True
    return hasattr(uploaded, "is_shown_to") and uploaded.is_shown_to(user)


def answer(uploaded, file, **options):
    options.setdefault("content_type", getattr(uploaded, "content_type", None))
    response = FileResponse(file, **options)
    response["Cache-Control"] = KEEP if uploaded.is_public else DO_NOT_KEEP
    return response


# ------------------------------------------------------------------ files without a public address


def private_file(file: FieldFile, title: str) -> HttpResponseBase:
    """Return a stored file as a download with a readable name; 404 where there is none."""
    if not file:
        raise Http404
    try:
        content = FileResponse(stored(file.name, file.storage))
    except InvalidToken:
        return unreadable_file()
    return private_download(content, safe_download_name(title, file.name.rpartition(".")[2]))


def private_content(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return a file that lies in the database as a download."""
    if isinstance(content, Unreadable):
        return unreadable_file()
    return private_download(HttpResponse(content, content_type=content_type), name)


def unreadable_file() -> HttpResponse:
    text = gettext("This file cannot be read with the keys of this server. Tell the operator.")
    kind = "text/plain; charset=utf-8"
    headers = {"Cache-Control": DO_NOT_KEEP}
    return HttpResponse(text, status=404, content_type=kind, headers=headers)


def private_download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Cache-Control"] = DO_NOT_KEEP
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
