"""Scans and photographs of sealed papers: told apart by their QR code, or by their file's name."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from sscnet.core.parsing.limited import run_limited

from .models import CODE_SIGNS, Paper, Scan
from .reading import read_codes

GROUP = f"([{CODE_SIGNS}]{{4}})"
CODE = re.compile(rf"(?<![0-9A-Z]){'[-_ ]?'.join([GROUP] * 3)}(?![0-9A-Z])")
NUMBER = re.compile(r"([^\W\d_]{1,20})\W*(\d{4})\W*(\d{1,6})")


def paper_of(name: str) -> Paper | None:
    """Return the paper that the name of a file tells of: by its check code or its number."""
    if found := CODE.search(name.upper()):
        return Paper.objects.filter(code="-".join(found.groups())).first()
    for series, year, number in NUMBER.findall(name):
        papers = Paper.objects.filter(year=year, number=number)
        if found := [one for one in papers if series.endswith(one.series)]:
            return found[0]
    return None


def paper_on(picture: bytes) -> Paper | None:
    """Return the paper whose QR code can be read on a picture of it."""
    try:
        said = run_limited(read_codes, picture)
    except ValidationError:
        return None
    return next(filter(None, map(paper_of, said)), None)


@transaction.atomic
def keep(scan: Scan, paper: Paper, by) -> bool:
    """Put a scan to its paper as the sealed copy; return whether the paper can still have one."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if not paper.is_valid:
        return False
    paper.sealed, paper.sealed_type = scan.content, scan.type
    paper.sealed_at, paper.sealed_by = timezone.now(), by
    paper.save(update_fields=["sealed", "sealed_type", "sealed_at", "sealed_by"])
    scan.delete()
    return True
