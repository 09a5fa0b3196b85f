"""The roof: what is made of all apps. Nothing imports it."""
