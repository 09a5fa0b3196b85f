"""A registration, an upload and a mail without the forms around them."""

from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from benchmarks.places.views import draft, submitted
from meetings.models import Delegation, Meeting
from sscnet.outbox.post import write


@csrf_exempt
@require_POST
def register(request, meeting, institution):
    """Write a delegation of one person with a workshop for a meeting, and submit it."""
    meeting = Meeting.objects.get(pk=meeting)
    with transaction.atomic():
        delegation, is_new = Delegation.objects.get_or_create(
            meeting=meeting, institution_id=institution
        )
        if is_new:
            draft([delegation], meeting.workshops.all(), people=1)
        return submitted(delegation)


@csrf_exempt
@require_POST
def upload(request):
    file = request.FILES["file"]
    return JsonResponse({"name": default_storage.save(file.name, file)})


@csrf_exempt
@require_POST
@transaction.atomic
def mail(request):
    words = {"institution": "An institute"}
    write("profile-reminder", to="person@example.org", key=uuid4().hex, words=words, link="/my/")
    return HttpResponse()
