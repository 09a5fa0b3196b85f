"""How large the files of a form may be together, which its view says."""

from collections.abc import Callable

from .documents import MAX_DOCUMENT_BYTES

# What a form with several documents takes at once.
SEVERAL_DOCUMENTS_BYTES = 2 * MAX_DOCUMENT_BYTES


def takes_files(most_bytes: int, *, link=None) -> Callable[[Callable], Callable]:
    """Return a decorator: what is sent to the view may hold files of so many bytes.

    To others `sscnet/web/bad_input.py` lets no file through, nor to who has neither a session nor,
    in the address, a token with the seal of this kind of `PersonalLink`.
    """

    def decorate(view):
        view.most_file_bytes = most_bytes
        view.files_by_link = link
        return view

    return decorate
