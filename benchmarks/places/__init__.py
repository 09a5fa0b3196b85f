"""Whether registering holds in a rush, and what it costs: `rate` (README.md)."""
