"""What travellers state, letters of invitation and certificates, and checking a paper by its code.

A passport is one encrypted text, and so is a PDF that shows it; each look is written to the
security log. Issuing only queues: a task asks the worker, and `run_due` makes what a lost task
leaves. A paper is made in a transaction that holds the person's row, so that a swap at the same
moment waits or outdates it. Triggers on delegates and meetings outdate and withdraw papers, for
every way of writing. Typst gets data and no markup, and neither files nor network.
"""
