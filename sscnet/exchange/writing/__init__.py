"""Writing files: CSV, Excel and JSON, row by row. Reading them is in `sheets` and `importing`."""
