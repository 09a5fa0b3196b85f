"""Sign-in and security: the pages of django-allauth, and what we have beside or before them.

Registering stays, as a page that says who may invite.
"""

from allauth.account import views
from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from .views import ReauthenticateByCodeView, name, take_back

sessions = ListUserSessionsView.as_view(success_url=reverse_lazy("account_sessions"))

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="account_login"), name="account_start"),
    path(
        "reauthenticate/code/",
        ReauthenticateByCodeView.as_view(),
        name="account_reauthenticate_by_code",
    ),
    path("take-back/<str:token>/", take_back, name="account_take_back"),
    path(
        "password/set/",
        login_required(reauthentication_required(views.password_set)),
        name="account_set_password",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("name/", name, name="account_name"),
    path(
        "sessions/",
        login_required(reauthentication_required(allow_get=True)(sessions)),
        name="account_sessions",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
