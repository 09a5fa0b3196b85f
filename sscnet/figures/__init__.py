"""Figures: numbers with their definition, the list behind each, and what is missing.

What counts makes `section.FigureSection`s of them; pages, charts, files and reports show those.
Nothing here knows what is counted.
"""
