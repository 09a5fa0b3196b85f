"""Questions of six kinds and their answers, whoever asks: a meeting its delegates, the Secretariat
the institutions.

An app derives its own models from `AbstractQuestion` and `AbstractAnswer`, so that a question hangs
on what it is asked in and an answer on whose it is, and shows them by `forms.AnswersForm`.
"""
