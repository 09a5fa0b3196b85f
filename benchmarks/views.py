"""LIMIT, BARE, and a registration, an upload and a mail without the forms around them."""

from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from meetings import places
from meetings.models import Delegate, Delegation, Meeting, PlaceEvent, WorkshopPlace
from sscnet.outbox.post import write
from sscnet.urls import handler403, handler500
from sscnet.urls import urlpatterns as portal

__all__ = ["handler403", "handler500", "urlpatterns"]

PAGE = b"<!doctype html><title>30 KB</title>".ljust(30 * 1024, b".")


@require_safe
def limit(request):
    """LIMIT: 30 KB from memory behind the portal's middleware. No page of ours can be faster."""
    return HttpResponse(PAGE)


@csrf_exempt
@require_POST
def bare(request, pk):
    """BARE: lock one row, insert one; the least that a view which submits could do."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=pk)
        PlaceEvent.objects.create(at=timezone.now(), kind="named", meeting=meeting)
    return JsonResponse({"done": True})


@csrf_exempt
@require_POST
def submit(request, pk):
    """Submit a draft, as the button of the check page does, and say how it stands."""
    return submitted(Delegation.objects.only("meeting").get(pk=pk))


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


def submitted(delegation):
    try:
        asked = places.submit(delegation)
    except places.Busy as busy:
        return JsonResponse({"message": str(busy)}, status=503)
    given = [
        [getattr(row, "delegate_id", row.pk), getattr(row, "workshop_id", None), row.place]
        for row in asked
    ]
    return JsonResponse({"reference": delegation.reference, "places": given})


def draft(delegations, workshops, people=4):
    """Write so many people for each delegation, each with all these workshops."""
    delegates = Delegate.objects.bulk_create(
        Delegate(delegation=delegation, position=n, family_name=f"Family {n}")
        for delegation in delegations
        for n in range(people)
    )
    WorkshopPlace.objects.bulk_create(
        WorkshopPlace(delegate=delegate, workshop=workshop)
        for delegate in delegates
        for workshop in workshops
    )


@csrf_exempt
@require_POST
def upload(request):
    file = request.FILES["file"]
    return JsonResponse({"name": default_storage.save(file.name, file)})


@csrf_exempt
@require_POST
@transaction.atomic
def mail(request):
    words = {"institution": "An institute", "person": "Somebody"}
    write("profile-proposed", to="person@example.org", key=uuid4().hex, words=words, link="/my/")
    return HttpResponse()


urlpatterns = [
    path("bench/limit/", limit),
    path("bench/bare/<int:pk>/", bare),
    path("bench/submit/<int:pk>/", submit),
    path("bench/register/<int:meeting>/<int:institution>/", register),
    path("bench/upload/", upload),
    path("bench/mail/", mail),
    *portal,
]
