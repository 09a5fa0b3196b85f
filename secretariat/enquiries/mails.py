"""Our texts of the mails that tell of questions."""

from django.utils.translation import gettext_lazy as _

from sscnet.outbox.wordings import Wording, register

ABOUT = {
    "subject": _("the project, institution, service or call it is about"),
    "question": _("the question, as it was written"),
}
DUE = {"due": _("the day by which an answer is due")}
INSTITUTION = {"institution": _("the institution it was passed on to")}
SEE_STATE = _("See the status")
ANSWER_NOW = _("Read and answer the question")
OPEN_IN_ADMIN = _("Open the question")
# Whose right it is to know who asked.
HANDLES_QUESTIONS = "secretariat.change_enquiry"

# It goes to an address that nobody has checked, so it repeats nothing that was typed: the form must
# be no means to send words of one's own to others.
register(
    Wording(
        key="enquiry-received",
        label=_("question received"),
        subject=_("Your question about {subject}: received"),
        body=_(
            "We have received your question about {subject}. You can expect an answer by {due}."
            "\n\nIf you did not ask anything, please ignore this email: somebody else entered your"
            " address."
        ),
        words={"subject": ABOUT["subject"]} | DUE,
        link_label=SEE_STATE,
        address_right=HANDLES_QUESTIONS,
        is_for_anybody=True,
    )
)
register(
    Wording(
        key="enquiry-arrived",
        label=_("new question for the Secretariat"),
        subject=_("New question about {subject}"),
        body=_("A question about {subject} has been received.\n\n{question}"),
        words=ABOUT,
        link_label=OPEN_IN_ADMIN,
    )
)
register(
    Wording(
        key="enquiry-passed-on",
        label=_("question passed on to an institution"),
        subject=_("Question about {subject}: please answer by {due}"),
        body=_(
            "The Secretariat has passed on a question about {subject} to {institution}. Please"
            " answer it by {due}; your answer goes to the person who asked.\n\n{note}\n\n{question}"
        ),
        words=ABOUT | DUE | INSTITUTION | {"note": _("what the Secretariat adds; may be empty")},
        link_label=ANSWER_NOW,
    )
)
register(
    Wording(
        key="enquiry-answered",
        label=_("answer to a question"),
        subject=_("Your question about {subject}: answered"),
        body=_(
            "Your question about {subject} has been answered by {answered_by}.\n\n{answer}"
            "\n\nYour question was:\n\n{question}"
        ),
        words=ABOUT
        | {
            "answer": _("the answer, in the language it was written in"),
            "answered_by": _("the institution that answers, or the Secretariat"),
        },
        link_label=SEE_STATE,
        address_right=HANDLES_QUESTIONS,
    )
)
register(
    Wording(
        key="enquiry-closed",
        label=_("question closed"),
        subject=_("Your question about {subject}: closed"),
        body=_(
            "The Secretariat has closed your question about {subject}. {outcome}\n\n{answer}"
            "\n\nYour question was:\n\n{question}"
        ),
        words=ABOUT
        | {
            "outcome": _("the outcome; may be empty"),
            "answer": _("the Secretariat’s own message; may be empty"),
        },
        link_label=SEE_STATE,
        address_right=HANDLES_QUESTIONS,
    )
)
register(
    Wording(
        key="enquiry-overdue",
        label=_("question overdue at an institution"),
        subject=_("Question about {subject}: overdue since {due}"),
        body=_(
            "A question about {subject} is still waiting for an answer from {institution}, which"
            " was due on {due}. Please answer it, or reply to this email if you cannot."
            "\n\n{question}"
        ),
        words=ABOUT | DUE | INSTITUTION,
        link_label=ANSWER_NOW,
    )
)
register(
    Wording(
        key="enquiry-waits",
        label=_("question overdue at the Secretariat"),
        subject=_("Question about {subject}: overdue since {due}"),
        body=_(
            "A question about {subject} is overdue: an answer was due on {due}, and the question "
            "has not been passed on to an institution.\n\n{question}"
        ),
        words=ABOUT | DUE,
        link_label=OPEN_IN_ADMIN,
    )
)
