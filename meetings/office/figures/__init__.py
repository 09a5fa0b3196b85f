"""Figures of one meeting's people. Figures of the whole Network are in `secretariat.figures`."""
