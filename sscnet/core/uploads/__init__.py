"""Which uploaded pictures and documents the portal takes, and under which names it keeps them.

Content alone decides: neither the name nor the content type that a browser sends is looked at. It
is read by `run_limited`, where Django is not set up: messages are lazy.
A refusal is a `ValidationError` with a code, which a form shows beside its field.
"""
