"""Loading the Network's records from files: what `manage.py load_network` does.

`files` reads and judges rows, `facts` writes them field by field without touching what staff
changed, and the other modules say which row becomes which record.
"""
