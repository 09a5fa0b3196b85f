"""What the monitoring counts of places."""

from django.db.models import Count

from sscnet.monitoring.state import gauge

from ..models import PlaceEvent


@gauge("sscnet_place_events", "Events of places, by kind and state.", "event", "place")
def place_events():
    rows = PlaceEvent.objects.values_list("kind", "place").order_by().annotate(n=Count("pk"))
    return {(kind, place): number for kind, place, number in rows}
