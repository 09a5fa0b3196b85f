"""The Network in figures: each number with its definition, what is missing, and its list.

A number is made from the parameters of a list, and its address is written from the same
(`projects`, `meetings`), so it counts exactly what its list shows. `network` puts the sections of
an address together. What figures consist of, their charts and files are in `sscnet.figures`.
"""
