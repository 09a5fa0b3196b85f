"""Forms of all pages: errors, formsets, what was typed before a sign-in."""
