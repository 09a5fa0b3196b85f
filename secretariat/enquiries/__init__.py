"""Questions to the Network: asked, passed on, answered, erased.

Alerts about lists are in `secretariat.alerts`.
"""
