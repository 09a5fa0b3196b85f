"""What an institution does for itself, below /my/<slug>/; part of the namespace `members`."""

from django.urls import path

from ..profiles import views
from . import views as my_views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/check/", views.check, name="profile_check"),
    path("profile/confirm/", views.confirm, name="profile_confirm"),
    path("people/", my_views.people, name="people"),
    path("people/invite/", my_views.invite, name="invite"),
    path("people/hand-over/", my_views.hand_over, name="hand_over"),
    path("people/<int:pk>/end/", my_views.end_affiliation, name="end_affiliation"),
    path("people/known/<int:pk>/forget/", my_views.forget_person, name="forget_person"),
    path("invitations/<int:pk>/again/", my_views.send_invitation_again, name="invite_again"),
    path("invitations/<int:pk>/withdraw/", my_views.withdraw_invitation, name="invite_withdraw"),
]
