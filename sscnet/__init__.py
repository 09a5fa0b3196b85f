"""The portal's settings and addresses, and what its apps share. Nothing here imports an app."""
