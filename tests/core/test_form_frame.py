"""The frame of every form: a summary of what is wrong, tied to its fields."""

from django import forms
from django.template import engines


class AnyForm(forms.Form):
    email = forms.EmailField(label="Email", help_text="Where we can write to you.")
    colour = forms.ChoiceField(
        label="Colour", choices=[("r", "red"), ("b", "blue")], widget=forms.RadioSelect
    )
    remark = forms.CharField(label="Remark", required=False)

    def clean(self):
        if self.cleaned_data.get("remark") == "twice":
            raise forms.ValidationError("This was sent already.")


def summary(*given):
    source = "{% from 'components/forms.html' import error_summary %}{{ error_summary(forms) }}"
    return engines["jinja2"].from_string(source).render({"forms": list(given)})


def test_a_form_without_mistakes_or_not_sent_yet_has_no_summary():
    assert "error-summary" not in summary(AnyForm())
    assert "error-summary" not in summary(AnyForm({"email": "a@example.org", "colour": "r"}))


def test_each_mistake_is_named_and_leads_to_its_field():
    html = summary(AnyForm({"email": "nobody"}))

    assert '<a href="#id_email">Email: Enter a valid email address.</a>' in html
    assert '<a href="#id_colour_0">Colour: This field is required.</a>' in html
    assert "There are 2 problems to correct" in html

    # A mistake of the whole form is said without a link.
    html = summary(AnyForm({"email": "a@example.org", "colour": "r", "remark": "twice"}))

    assert "<li>This was sent already.</li>" in html
    assert "There is one problem to correct" in html


def test_the_summary_speaks_for_several_forms_and_for_formsets():
    formset = forms.formset_factory(AnyForm, extra=0)(
        {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-email": "x", "form-0-colour": "r"}
    )

    html = summary(AnyForm({"email": "y", "colour": "r"}, auto_id="one_%s"), formset)

    assert 'href="#one_email"' in html
    assert 'href="#id_form-0-email"' in html


def test_a_field_ties_help_and_error_to_its_input():
    html = AnyForm({"email": "nobody"})["email"].as_field_group()

    assert '<label for="id_email">Email</label>' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html
    assert html.index("errorlist") < html.index("<input")

    # One that may stay empty says so.
    assert "(optional)" in AnyForm()["remark"].as_field_group()
    assert "(optional)" not in AnyForm()["email"].as_field_group()
