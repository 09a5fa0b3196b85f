"""Mail of a development machine: shown on the console, in letters one can read."""

from django.core.mail.backends.console import EmailBackend as ConsoleBackend


class EmailBackend(ConsoleBackend):
    def write_message(self, message):
        """Write the text alone: a whole mail in Chinese is in base64."""
        lines = ["-" * 79, f"To: {', '.join(message.to)}", f"Subject: {message.subject}", ""]
        self.stream.write("\n".join([*lines, message.body.rstrip(), "-" * 79, ""]))
