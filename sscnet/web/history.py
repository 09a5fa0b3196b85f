"""What the history notes of a request."""

from pghistory.middleware import HistoryMiddleware

from sscnet.core.personal_data.secret_addresses import shown_path


class NoteHistory(HistoryMiddleware):
    """Note who changed something and on which page, without the secret of its address."""

    def get_context(self, request):
        return super().get_context(request) | {"url": shown_path(request.path)}
