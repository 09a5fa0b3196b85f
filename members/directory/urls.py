from django.urls import include, path, re_path

from .. import my
from ..accounts.views import invitation
from ..profiles import views as profiles
from . import views

app_name = "members"
directory = [
    path("", views.institution_list, name="list"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)$", views.institution_file, name="file"),
    path("feed/", views.institution_feed, name="feed"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    path("<slug:slug>/", views.institution_detail, name="detail"),
]
of_institution = [
    path("profile/", profiles.profile, name="profile"),
    path("profile/check/", profiles.check, name="profile_check"),
    path("profile/confirm/", profiles.confirm, name="profile_confirm"),
    path("people/", my.people, name="people"),
    path("people/invite/", my.invite, name="invite"),
    path("people/hand-over/", my.hand_over, name="hand_over"),
    path("people/<int:pk>/end/", my.end_affiliation, name="end_affiliation"),
    path("people/known/<int:pk>/forget/", my.forget_person, name="forget_person"),
    path("invitations/<int:pk>/again/", my.send_invitation_again, name="invite_again"),
    path("invitations/<int:pk>/confirm/", my.confirm_invitation, name="invite_confirm"),
    path("invitations/<int:pk>/refuse/", my.refuse_invitation, name="invite_refuse"),
    path("invitations/<int:pk>/withdraw/", my.withdraw_invitation, name="invite_withdraw"),
]
urlpatterns = [
    path("members/", include(directory)),
    path("my/<slug:slug>/", include(of_institution)),
    path("accounts/invitation/<str:token>/", invitation, name="invitation"),
]
