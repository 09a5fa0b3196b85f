"""The columns that an officer chose for a list, as its address says them: `columns=code,state`."""

COLUMNS = "columns"


def chosen(request, offered):
    """Return those of the columns offered that the address names; all where it names none."""
    names = request.GET.get(COLUMNS, "").split(",")
    return [column for column in offered if column in names] or offered


def order_among(order, before, after):
    """Write the order of a list (`o=2.-3`) anew for other columns; what is gone is left out."""
    found = []
    for part in order.split("."):
        place = part.removeprefix("-")
        number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
        if 0 < number <= len(before) and before[number - 1] in after:
            sign = "-" if part.startswith("-") else ""
            found.append(f"{sign}{after.index(before[number - 1]) + 1}")
    return ".".join(found)
