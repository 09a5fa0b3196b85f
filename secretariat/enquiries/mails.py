"""The kinds of mail that tell of questions."""

from sscnet.outbox.wordings import register

# It goes to an address that nobody has checked, so it repeats nothing that was typed: the form must
# be no means to send words of one's own to others.
register("enquiry-received", "subject", "due", is_for_anybody=True)
register("enquiry-arrived", "subject", "question")
register("enquiry-passed-on", "subject", "question", "due", "institution", "note")
register("enquiry-answered", "subject", "question", "answer", "answered_by")
register("enquiry-closed", "subject", "question", "outcome", "answer")
register("enquiry-overdue", "subject", "question", "due", "institution")
register("enquiry-waits", "subject", "question", "due")

OF_INTRODUCTION = ("need", "institution", "state", "words")
register("introduction-proposed", *OF_INTRODUCTION)
register("introduction-answered", *OF_INTRODUCTION)
register("introduction-waits", *OF_INTRODUCTION, is_weekly=True)
register("needs-fit", "institution", "needs", is_weekly=True)
