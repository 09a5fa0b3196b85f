"""A quick hasher that counts how often it worked."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CountingHasher(PBKDF2PasswordHasher):
    iterations = 1
    count = 0

    def encode(self, *args, **kwargs):
        CountingHasher.count += 1
        return super().encode(*args, **kwargs)
