"""Says which site the admin is; apart from it, as this is read before there are models."""

from django.contrib.admin.apps import AdminConfig


class SecretariatAdminConfig(AdminConfig):
    default_site = "secretariat.back_office.site.SecretariatSite"
