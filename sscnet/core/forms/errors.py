"""What is wrong with the forms of a page, in the order of the page."""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.forms import MultiWidget, RadioSelect
from django.utils.translation import gettext


@dataclass(frozen=True)
class FormProblem:
    """One message, the label of its field and the id to jump to; both empty: the whole form."""

    message: str
    label: str = ""
    target: str = ""


def is_done(form, work) -> bool:
    """Do the work of a form that is right; why it was refused stands above its fields."""
    if form.is_valid():
        try:
            work()
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return form.is_valid()


def problems_of(forms):
    """Return the problems of a form, a formset or several of either."""
    if hasattr(forms, "is_bound"):
        forms = [forms]
    return [of_whom(form, problem) for form in forms if form.is_bound for problem in problems(form)]


def problems(form):
    if hasattr(form, "management_form"):
        whole = [FormProblem(message) for message in form.non_form_errors()]
        return whole + [of_whom(one, problem) for one in form.forms for problem in problems(one)]
    whole = [FormProblem(message) for message in form.non_field_errors()]
    return whole + [
        FormProblem(message, str(field.label or ""), first_id(field))
        for field in form
        for message in field.errors
    ]


def of_whom(form, problem):
    """Say whose form it is, where it says so itself (`whose`)."""
    if not (whose := getattr(form, "whose", "")):
        return problem
    if not problem.label:
        return replace(problem, label=whose)
    words = {"whose": whose, "field": problem.label}
    return replace(problem, label=gettext("%(whose)s, %(field)s") % words)


def first_id(field):
    """Return the id of the field's input; of several boxes or buttons the first."""
    if isinstance(field.field.widget, MultiWidget):
        return f"{field.auto_id}_0"
    # A question may have nothing to choose from.
    has_boxes = isinstance(field.field.widget, RadioSelect) and field.subwidgets
    return field.subwidgets[0].id_for_label if has_boxes else field.id_for_label
