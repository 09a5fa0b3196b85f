"""Sessions: where people are signed in, what ends them, and throttling of sign-in."""
