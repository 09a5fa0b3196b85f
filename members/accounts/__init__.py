"""Who may sign in for an institution, and how: invitations, second factors, django-allauth."""
