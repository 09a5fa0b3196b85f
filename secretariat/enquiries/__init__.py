"""Questions to the Network: asked, passed on, answered, erased."""
