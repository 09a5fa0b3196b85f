"""What the words of a file may stand for: institutions by address or by any of their names."""

from django.utils.translation import gettext_lazy as _

from sscnet.exchange import CodeList, names_of

from ..models import Institution


def institution_codes() -> CodeList:
    codes = CodeList(
        _(
            "“%(value)s” is not an institution we know. Write the last part of its page’s "
            "address, or one of its names; a new institution has to be added first."
        )
    )
    for institution in Institution.objects.prefetch_related("names"):
        others = [name.name for name in institution.names.all()]
        codes.add(institution.pk, institution.slug, [*names_of(institution), *others], institution)
    return codes
