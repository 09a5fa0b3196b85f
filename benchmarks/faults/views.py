"""An upload without the form around it; and a registration that is told before it is certain."""

import threading
import time
from queue import Queue

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from benchmarks.places.views import draft, submitted
from meetings.models import Delegation, Meeting


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
def register_carelessly(request, **wanted):
    """The protection taken out: answer first, commit a while later."""
    answers = Queue()

    def write():
        with transaction.atomic():
            answers.put(register(request, **wanted))
            time.sleep(1)

    threading.Thread(target=write).start()
    return answers.get(timeout=20)
