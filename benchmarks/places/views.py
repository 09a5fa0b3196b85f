"""What the button of the check page does, without the page; and the least such a view could do."""

from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from meetings import places
from meetings.models import Delegate, Delegation, Meeting, PlaceEvent, WorkshopPlace


@csrf_exempt
@require_POST
def submit(request, pk):
    """Submit a draft, and tell how it stands with each place."""
    return submitted(Delegation.objects.only("meeting").get(pk=pk))


def submitted(delegation):
    try:
        submission = places.submit(delegation)
    except places.Busy as busy:
        return JsonResponse({"message": str(busy)}, status=503)
    told = [
        [getattr(row, "delegate_id", row.pk), getattr(row, "workshop_id", None), row.place]
        for row in submission.asked
    ]
    return JsonResponse({"reference": submission.delegation.reference, "places": told})


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
def bare(request, pk):
    """BARE: lock one row, insert one."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=pk)
        PlaceEvent.objects.create(at=timezone.now(), kind="named", meeting=meeting)
    return JsonResponse({"done": True})
