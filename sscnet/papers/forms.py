"""What officers send about papers: templates, the logo, scans, and why a paper is taken back."""

import io

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sscnet.core.uploads.documents import PDF, SEVERAL_DOCUMENTS_BYTES, check_letter
from sscnet.core.uploads.pictures import as_jpeg, clean_picture

from .filling import MAX_BYTES, check_template
from .models import Paper, PaperSettings, PaperTemplate

SCAN_TYPES = {PDF.extension, "jpg", "png"}


class TemplateForm(forms.ModelForm):
    file = forms.FileField(
        label=_("Word file"), help_text=_("It is tried with sample values before it is kept.")
    )

    class Meta:
        model = PaperTemplate
        fields = ["kind", "language"]

    def clean(self):
        file, kind = self.cleaned_data.get("file"), self.cleaned_data.get("kind")
        if file and kind:
            content = file.read(MAX_BYTES + 1)
            try:
                check_template(content, kind)
            except ValidationError as error:
                self.add_error("file", error)
            self.instance.content = content
        return super().clean()


class SettingsForm(forms.ModelForm):
    picture = forms.FileField(
        label=_("logo"), required=False, help_text=_("JPEG, PNG or WebP; it replaces the former.")
    )

    class Meta:
        model = PaperSettings
        exclude = ["logo"]  # noqa: DJ006 -- all others

    def clean_picture(self):
        if file := self.cleaned_data["picture"]:
            *_smaller, largest = clean_picture(file).values()
            # Word takes no WebP.
            self.instance.logo = as_jpeg(io.BytesIO(largest.read()))


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ScansField(forms.FileField):
    """Several files; gives of each its name, its kind and its content."""

    widget = SeveralFiles(attrs={"multiple": True})

    def clean(self, data, initial=None):
        files = [super(ScansField, self).clean(file, initial) for file in data or [None]]
        if sum(file.size for file in files) > SEVERAL_DOCUMENTS_BYTES:
            raise ValidationError(_("These are too many at once. Please send them in parts."))
        return [self.one(file) for file in files]

    def one(self, file):
        try:
            extension = check_letter(file).extension
            if extension not in SCAN_TYPES:
                raise ValidationError(_("A scan is a PDF or a picture (JPEG, PNG)."))
        except ValidationError as error:
            raise ValidationError([f"{file.name}: {one}" for one in error.messages]) from error
        return file.name, extension, file.read()


class ScansForm(forms.Form):
    files = ScansField(
        label=_("Scans or photographs"),
        help_text=_(
            "PDF, JPEG or PNG, one file a paper. A picture with the QR code of a paper finds it by"
            " itself, and so does a file whose name has its number or check code, such as"
            " 南南网函2027-12.jpg."
        ),
    )


class ScanForm(forms.Form):
    """Which paper a scan is of."""

    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("Paper"))

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        waiting = Paper.objects.filter(sealed_at=None, taken_back_at=None, outdated_at=None)
        papers = waiting.filter(erased_at=None).defer(*Paper.FILES)
        self.fields["paper"].queryset = papers
        self.fields["paper"].label_from_instance = lambda one: (
            f"{one} {one.subject} {one.recipient}"
        )


class TakeBackForm(forms.Form):
    note = forms.CharField(label=_("Why it is taken back"), max_length=300)
