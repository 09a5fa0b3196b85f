"""Who gives and takes rights in the admin: asked anew, never for oneself, and somebody stays."""

from contextlib import contextmanager

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ..models import AccountChange, User
from .security.reauthentication import ask_anew

# What makes an administrator, and what else gives rights.
FLAGS = ["is_active", "is_staff", "is_superuser"]
RIGHTS = [*FLAGS, "groups", "user_permissions"]
LAST = _("This is the last administrator. Make somebody else an administrator first.")


def administrators() -> set[int]:
    """Return the keys of the administrators; nobody else changes them before we have committed."""
    locked = User.objects.administrators().order_by("pk").select_for_update()
    return set(locked.values_list("pk", flat=True))


def none_stays(users) -> bool:
    """Return whether without these there is no administrator."""
    found = administrators()
    return bool(found) and found <= {user.pk for user in users}


@contextmanager
def asked_anew(request):
    """Ask who it is; let one after the other change rights: the lock is taken before any other."""
    if request.method == "POST":
        ask_anew(request, since_sign_in=True)
    with transaction.atomic():
        if request.method == "POST":
            administrators()
        yield


class AsksAnew:
    """For the admin of what gives rights: who changes anything shows first who it is."""

    def changeform_view(self, request, *args, **kwargs):
        with asked_anew(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        with asked_anew(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        with asked_anew(request):
            return super().changelist_view(request, *args, **kwargs)


class FreeAddress:
    """A form that gives an account no address which another one may yet take back."""

    def clean_email(self):
        email = self.cleaned_data["email"]
        if AccountChange.objects.reserving(email, self.instance).exists():
            raise forms.ValidationError(AccountChange.RESERVED)
        return email


class ColleagueForm(FreeAddress, forms.ModelForm):
    """A new colleague: a role, and no password; who has the mailbox signs in by code."""

    class Meta:
        model = User
        fields = ["email", "name", "groups"]

    def save(self, commit=True):
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class UserForm(FreeAddress, forms.ModelForm):
    """An account with its rights; `officer`, who changes it, is set by the admin."""

    officer = None

    def clean(self):
        data = super().clean()
        taken = [name for name in FLAGS if data.get(name) is False]
        if taken and none_stays([self.instance]):
            for name in taken:
                self.add_error(name, LAST)
        if self.instance == self.officer:
            for name in filter(self.adds, RIGHTS):
                self.add_error(
                    name, _("You cannot give rights to yourself. Ask another administrator.")
                )
        return data

    def adds(self, name):
        new, old = self.cleaned_data.get(name), self.initial.get(name)
        return bool(new and not old) if name in FLAGS else bool(set(new or []) - set(old or []))
