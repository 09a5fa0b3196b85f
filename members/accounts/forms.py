"""Forms for signing in and for inviting people."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
)
from allauth.core import context
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.persons import validate_name
from sscnet.core.i18n.latin_names import pinyin_of
from sscnet.core.personal_data.security_log import log_security

from ..models import AccountChange, Affiliation, Invitation, User
from .security.events import log_failure
from .security.reauthentication import is_right
from .sessions import throttles

TOO_MANY = _("You have sent too many invitations. Try again in an hour.")


def count_mail(email):
    """Refuse one more code or link to an account; strangers are counted apart from its owner."""
    if not throttles.count(context.request, "mail", email):
        log_failure("code_refused", email)
        raise get_adapter().validation_error("too_many_login_attempts")


class SignInForm(LoginForm):
    """E-mail and password; without a password a code is sent by mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Email")
        login.widget.input_type = "email"
        login.widget.attrs = {"autocomplete": "username", "maxlength": "254"}
        password.required = password.widget.is_required = False
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = _("Leave it empty and we will send you a code by email.")

    def clean(self):
        # The button for a code counts even where the browser has filled in a password.
        if "send_code" in self.data:
            self.cleaned_data.pop("password", None)
        if self.cleaned_data.get("login") and not self.cleaned_data.get("password"):
            count_mail(self.cleaned_data["login"])
        return super().clean()


class CountsMail:
    """A form at whose wish a mail is sent to an address."""

    def clean_email(self):
        count_mail(self.cleaned_data["email"])
        return super().clean_email()


class CodeForm(CountsMail, RequestLoginCodeForm):
    pass


class NewPasswordForm(CountsMail, ResetPasswordForm):
    pass


class NewAddressForm(AddEmailForm):
    email = forms.EmailField(max_length=254)

    def clean_email(self):
        email = self.cleaned_data["email"]
        count_mail(email)
        if AccountChange.objects.reserving(email, self.user).exists():
            raise forms.ValidationError(AccountChange.RESERVED)
        return super().clean_email()


class MailedCodeForm(forms.Form):
    """The code sent to who has neither password nor second factor; or a wish for one."""

    code = forms.CharField(
        label=_("Code from the email"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if "send_code" in self.data:
            del self.fields["code"]

    def clean(self):
        if "send_code" in self.data:
            count_mail(self.request.user.email)
        elif "code" in self.cleaned_data and not is_right(self.request, self.cleaned_data["code"]):
            log_security("code_wrong", account=self.request.user.pk)
            self.add_error("code", _("This code is wrong or no longer valid."))


class NameForm(forms.ModelForm):
    """What a person is called, for those who read what he or she did."""

    class Meta:
        model = User
        fields = ["name", "latin_name"]
        labels = {"name": _("Your name")}
        help_texts = {"name": _("As shown to your colleagues and the Secretariat.")}
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        for field in self.fields.values():
            field.validators.append(validate_name)

    def clean(self):
        data = super().clean()
        if data.get("latin_name") == "":
            data["latin_name"] = pinyin_of(data.get("name", ""))
        return data


class AddPasskeyForm(AddWebAuthnForm):
    """The package leaves the name without a label of its own: it was English in every language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class EditPasskeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class InvitationForm(forms.ModelForm):
    """Whom to invite; `institution` is set on the instance."""

    class Meta:
        model = Invitation
        fields = ["email", "role"]
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "role": forms.RadioSelect,
        }
        help_texts = {
            "email": _("The invitation is sent to this address and can only be used with it.")
        }

    def __init__(self, *args, roles=Affiliation.Role.choices, **kwargs):
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].choices = roles

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email, is_active=False).exists():
            raise forms.ValidationError(_("The account with this address is closed."))
        self.check_officer(email)
        return email

    def check_officer(self, email):
        if User.objects.filter(email=email, is_staff=True).exists():
            raise forms.ValidationError(
                _("This person works at the Secretariat: an officer there sends the invitation.")
            )

    def clean(self):
        data = super().clean()
        email, institution = data.get("email"), self.institution(data)
        if not email or not institution:
            return data
        if institution.invitations.open().filter(email=email).exists():
            text = _("This person already has an open invitation: send that one again.")
            self.add_error("email", text)
        if institution.invitations.waiting().filter(email=email).exists():
            text = _("An invitation of this person waits to be confirmed.")
            self.add_error("email", text)
        for affiliation in institution.affiliations.current().filter(user__email=email):
            if self.gains_nothing(affiliation, data.get("role")):
                text = gettext("This person already acts for the institution, as %(role)s.")
                self.add_error("email", text % {"role": affiliation.get_role_display()})
        if not (self.errors or self.instance.pk or throttles.count_invitation(context.request)):
            self.add_error(None, TOO_MANY)
        return data

    def institution(self, data):
        return data.get("institution") or getattr(self.instance, "institution", None)

    def gains_nothing(self, affiliation, role):
        return affiliation.role in (role, Affiliation.Role.FOCAL_POINT)


class OfficersInvitationForm(InvitationForm):
    """Officers invite for any institution, in any role, also to take over from a focal point."""

    class Meta(InvitationForm.Meta):
        fields = ["institution", "email", "role", "hands_over"]
        widgets = {}

    def check_officer(self, email):
        if email == context.request.user.email:
            raise forms.ValidationError(_("Another officer invites you."))

    def clean(self):
        data = super().clean()
        if handed := data.get("hands_over"):
            if handed.institution != data.get("institution"):
                text = _("This person is the focal point of another institution.")
                self.add_error("hands_over", text)
            elif data.get("role") != Affiliation.Role.FOCAL_POINT:
                text = _("Whoever takes over from a focal point becomes the focal point.")
                self.add_error("role", text)
        return data


class SuccessorForm(InvitationForm):
    """Whom the focal point hands over to; the role is the focal point's own."""

    class Meta(InvitationForm.Meta):
        fields = ["email"]

    def gains_nothing(self, affiliation, role):
        return affiliation.role == Affiliation.Role.FOCAL_POINT
