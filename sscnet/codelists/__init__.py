"""Code lists: countries, sectors, goals, DAC codes, areas of the Fund."""
