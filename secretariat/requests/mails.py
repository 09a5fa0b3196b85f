"""The kinds of mail about requests to institutions."""

from sscnet.outbox.wordings import register

for kind in ("opened", "extended", "returned", "reminder", "received"):
    register(
        f"request-{kind}",
        "request",
        "institution",
        "due",
        "words",
        is_weekly=kind == "reminder",
    )
register("member-welcome", "institution")
