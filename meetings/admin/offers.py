"""Offers of places and exports of persons in the admin, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin, UsedFilter

from ..models import Offer, PersonExport
from ..office.waiting import WaitsFilter, waits_for_an_answer


class AnswerFilter(WaitsFilter):
    kinds = {"answer": (_("an answer"), waits_for_an_answer)}


@admin.register(Offer)
class OfferAdmin(RecordAdmin):
    is_read_only = True
    show_facets = admin.ShowFacets.ALLOW
    list_display = ["delegate", "institution", "meeting", "workshop", "answer_by", "shown_answer"]
    list_select_related = [
        "delegate__delegation__institution",
        "delegate__delegation__meeting",
        "workshop",
    ]
    list_filter = [AnswerFilter, "answer", ("delegate__delegation__meeting", UsedFilter)]
    search_fields = [
        "delegate__family_name",
        "delegate__given_names",
        "delegate__chinese_name",
        "delegate__delegation__reference",
        "delegate__delegation__institution__name",
    ]
    search_help_text = _("Name, reference of the delegation, or institution.")

    @admin.display(description=_("institution"), ordering="delegate__delegation__institution")
    def institution(self, offer):
        return offer.delegate.delegation.institution

    @admin.display(description=_("meeting"), ordering="delegate__delegation__meeting")
    def meeting(self, offer):
        return offer.delegate.delegation.meeting

    @admin.display(description=_("answer"), ordering="answer")
    def shown_answer(self, offer):
        return offer.get_answer_display()


@admin.register(PersonExport)
class PersonExportAdmin(RecordAdmin):
    """Who took which list of people: written by the pages alone."""

    is_read_only = True
    show_facets = admin.ShowFacets.ALLOW
    list_display = ["what", "meeting", "by", "at", "format", "people", "columns"]
    list_select_related = ["meeting", "by"]
    list_filter = ["format", ("meeting", UsedFilter)]
    search_fields = ["what", "by__email"]
    search_help_text = _("Name of the list, or email of the person who exported it.")
