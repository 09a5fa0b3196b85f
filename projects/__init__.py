"""Projects of the Network; calls and proposals are in `projects.calls`."""
