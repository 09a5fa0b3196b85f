"""Questions to the Network: asked, passed on, answered, erased; and needs that come from them."""
