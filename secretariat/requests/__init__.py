"""What the Secretariat asks institutions for in writing, their answers, and votes.

`models` say what there is, `handling` moves it (open, send, return, close), `votes` counts. A vote
is a request with a rule.
"""
