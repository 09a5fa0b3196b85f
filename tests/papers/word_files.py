"""Reading Word files back."""

import io

from docx import Document


def words(content: bytes) -> str:
    """Return all words of a Word file: of its text, its tables and its footer."""
    document = Document(io.BytesIO(content))
    lines = [one.text for one in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines += [one.text for one in document.sections[0].footer.paragraphs]
    return "\n".join(lines)
