"""Calls for proposals of the Fund and what becomes of them, from the call to the final report."""
