from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Alert


class AlertForm(forms.ModelForm):
    class Meta:
        model = Alert
        fields = ["email"]
        labels = {"email": _("Your e-mail address")}
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "email"})}

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean(self):
        longest = Alert._meta.get_field("query").max_length
        if len(self.instance.query) > longest:
            raise ValidationError(_("These are too many filters to be kept. Leave some out."))
        return super().clean()
