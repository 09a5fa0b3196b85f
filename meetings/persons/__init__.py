"""What is held of people who come to meetings: their own page, consents, retention and erasing.

Passports are in `travel`.
"""
