"""The start page of the admin: what waits for an officer, and the meetings to come."""
