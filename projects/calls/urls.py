"""Addresses of calls, and of an institution's proposals below /my/."""

app_name = "calls"
urlpatterns = []
