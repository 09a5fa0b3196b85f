"""Threads that work while a block runs."""


class WhileInside:
    """Starts its `threads` at the block's beginning; at its end `is_over` is set, and they end."""

    is_over = False

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.is_over = True
        for thread in self.threads:
            thread.join()
