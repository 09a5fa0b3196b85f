"""Names of persons as each language writes them: 李伟, and Wei LI."""

from django.utils.translation import get_language


def latin_name(person) -> str:
    """Return the name in Latin letters, the family name last and in capitals."""
    parts = (person.given_names, person.family_name.upper())
    return " ".join(part for part in parts if part)


def both_names(person) -> list[str]:
    """Return the person's names, the one of the page's language first."""
    names = [latin_name(person), person.chinese_name]
    if get_language() == "zh-hans":
        names.reverse()
    return [name for name in names if name]
