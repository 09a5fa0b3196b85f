"""Whether an activity denies, or types as another thing, what its project states.

Shares no code with `projects.iati`: it reads the activity and the columns of the record.
"""

import re
from calendar import monthrange

DATES = {
    "1": ("planned_start_on", "-01-01"),
    "2": ("actual_start_on", "-01-01"),
    "3": ("planned_end_on", ""),
    "4": ("actual_end_on", ""),
}
DENIES = re.compile(r"not stated|not known|未注明|未说明|不详")


def contradictions(activity, project) -> list[str]:
    """List what an activity says against its record; nothing when it is true."""
    return [*wrong_dates(activity, project), *denied(activity, project), *people(activity, project)]


def wrong_dates(activity, project):
    for date in activity.findall("activity-date"):
        field, start = DATES[date.get("type")]
        stated, day = getattr(project, field), date.get("iso-date")
        if not stated or not day.startswith(stated):
            yield f"{day} of type {date.get('type')}, stated is {field} {stated!r}"
        elif start and day != stated + start[len(stated) - 4 :]:
            yield f"{field} {stated} begins on {day}"
        elif not start and day != last_of(stated):
            yield f"{field} {stated} ends on {day}"


def last_of(stated):
    year, month, day = ([int(part) for part in stated.split("-")] + [0, 0])[:3]
    month = month or 12
    return f"{year}-{month:02}-{day or monthrange(year, month)[1]:02}"


def denied(activity, project):
    """Find each sentence that denies something, and look whether the record states it."""
    is_true = {
        "title": not project.title,
        "recipient-region": project.project_countries.count() < 2,
    }
    for narrative in activity.iter("narrative"):
        if not DENIES.search(narrative.text or ""):
            continue
        parent = narrative.getparent()
        if parent.tag == "activity-date":
            field, _start = DATES[parent.get("type")]
            holds = len(getattr(project, field)) < len("2018-04-19")
        elif parent.tag == "description" and parent.get("type") != "4":
            holds = is_true["title"]
        elif parent.tag == "description":
            holds = "participants" in narrative.text or "参与方" in narrative.text
            holds = holds and is_true["recipient-region"]
        else:
            holds = is_true.get(parent.tag, False)
        if not holds:
            yield f"{parent.tag} says “{narrative.text}”"


def people(activity, project):
    for number, field in enumerate(("beneficiaries_number", "women_beneficiaries_number")):
        told = activity.xpath(f"string(result/indicator/period/actual[{number + 1}]/@value)")
        if told and told != str(getattr(project, field)):
            yield f"{told} people, stated is {getattr(project, field)}"
