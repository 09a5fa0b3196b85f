"""The profile that an institution keeps: its form, proposals, their decision, reminders."""
