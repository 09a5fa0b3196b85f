"""What travellers state, letters of invitation and certificates, and checking a paper by its code.

A passport is one encrypted text, and so is a PDF that shows it; each look is written to the
security log. A paper is made in a transaction that holds the person's row, so that a swap at the
same moment waits or outdates it; the worker makes its PDF and tells of it. Triggers on delegates
and meetings outdate and withdraw papers, for every way of writing.
"""
