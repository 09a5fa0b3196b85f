"""Import and export in the admin: pages, previews, templates to fill in."""
