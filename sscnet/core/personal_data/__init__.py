"""Personal data: declared fields, retention, encryption, what logs must not hold."""
