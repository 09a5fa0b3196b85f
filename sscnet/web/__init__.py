"""What every request meets: refusals, errors, headers, health, the template environment."""
