"""Made-up records, made inside the machine by `sscnet shell`; says as JSON who may come in."""

import json

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from meetings.models import Meeting
from members.models import Affiliation, Institution, User

# Made once: it takes long on purpose.
PASSWORD = make_password("a-long-passphrase-of-one")

meeting = Meeting.objects.get(slug="sample-annual-meeting")
meeting.slip_due_on = meeting.starts_on
meeting.save()


def focal_point(n):
    """Return where an institution registers, and the session of who may."""
    institution = Institution.objects.create(
        name=f"Sample institute {n}", slug=f"sample-institute-{n}", is_sample=True
    )
    user = User.objects.create(email=f"person{n}@example.org", password=PASSWORD)
    Affiliation.objects.create(
        user=user, institution=institution, role="focal_point", since="2024-01-01"
    )
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    path = f"{meeting.get_absolute_url()}register/{institution.slug}/"
    return {"email": user.email, "session": session, "path": path}


print("MADE", json.dumps([focal_point(n) for n in range(120)]))
