"""Connections, cache, triggers and statements of the database. Models are in `models`."""
