"""What the Secretariat does with calls and proposals: each activity in a module of its own.

A step writes itself, the remarks, what falls due and the mail in one transaction (`deciding`).
`award` makes a draft project of an approved proposal, and takes over what steps and reports say of
it; tests fail when either side gets a field that has no place on the other. Reminders of reports
have a key of report, day and stage, so each is written once (`reports`).
"""
