"""Whether registering holds in a rush, and what it costs: `rate` and `crash` (README.md)."""
