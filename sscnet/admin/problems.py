"""What is wrong with a form of the admin and its rows, for the summary on top of it."""

from dataclasses import replace

from sscnet.core.forms.errors import FormProblem, problems_of


def problems_in(adminform, inlines) -> list[FormProblem]:
    return [
        *problems_of(adminform.form),
        *(problem for inline in inlines for problem in problems_in_rows(inline)),
    ]


def problems_in_rows(inline) -> list[FormProblem]:
    """Return the problems of rows, each with its number; what has no field leads to the table."""
    for number, form in enumerate(inline.formset.forms, start=1):
        form.whose = f"{inline.opts.verbose_name} {number}"
    table = f"{inline.formset.prefix}-group"
    return [
        replace(problem, target=problem.target or table) for problem in problems_of(inline.formset)
    ]
