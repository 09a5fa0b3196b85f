"""Papers of the house: Word files filled from templates, numbers, sealed copies; PDFs.

`filling.fill(kind, values, language)` returns the bytes of a Word file. `kind` is a `PaperKind` of
`fields.py`; `fields.csv` says what each kind can hold; `values` are texts, lists of rows (each a
dictionary) and pictures (bytes) by the name of their field, and what is not given stays empty.
The template is the one that officers keep (`PaperTemplate`), or ours (`templates/papers/`).

A template may ask for `name`, `name_en` or `name_zh` of any field: `filling.in_both(make,
language)` calls `make` in each language and returns its values under all three names.
"""
