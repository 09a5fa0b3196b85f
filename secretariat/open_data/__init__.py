"""The page that explains the open data, and the bundle of all of it."""
