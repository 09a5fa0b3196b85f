"""Reading what others send, within limits, in a process of its own."""
