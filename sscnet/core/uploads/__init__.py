"""Which uploaded pictures and documents the portal takes, and under which names it keeps them.

Content alone decides: neither the name nor the content type that a browser sends is looked at. It
is read by `run_limited`, where Django is not set up: messages are lazy.
A refusal is a `ValidationError` with a code, which a form shows beside its field.
"""

from .documents import (
    DOCUMENT_FOLDER,
    DOCUMENT_KINDS,
    DOCX,
    LETTER_HINT,
    MAX_DOCUMENT_BYTES,
    MAX_PART_BYTES,
    MAX_UNPACKED_BYTES,
    PDF,
    SCANS,
    XLSX,
    check_document,
    check_file,
    check_letter,
    document_name,
    read_document,
    safe_download_name,
)
from .pictures import (
    MAX_PICTURE_BYTES,
    PICTURE_FOLDER,
    as_jpeg,
    clean_picture,
    on_white,
    picture_names,
    read_picture,
)
from .sizes import SEVERAL_DOCUMENTS_BYTES, takes_files
from .validators import (
    is_stored,
    validate_document,
    validate_letter,
    validate_picture,
)
