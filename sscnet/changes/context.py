"""What is noted beside a change: the keys of `pghistory.context(...)`."""

# What commands and the import note beside a change, in `pghistory.context(...)`; the middleware
# notes the user.
USER, COMMAND, IMPORT_FILE = "user", "command", "import_file"
IMPORT_NUMBER, UNDONE_IMPORT = "import_number", "undone_import"
VERSION_NUMBER, VERSION_AUTHOR = "version", "version_author"
