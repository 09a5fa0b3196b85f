"""Changes of who one is: asked for anew, told, taken back. Sessions are in `accounts.sessions`."""
