from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "pmqa.accounts"
    label = "accounts"
    verbose_name = _("บุคคลและหน่วยงาน")

    def ready(self) -> None:
        from django.contrib.admin import autodiscover

        from pmqa.accounts import rules, signals  # noqa: F401 (both register themselves once models exist)

        # Settings name the simple admin app, which leaves finding the admin modules to the owner of the site.
        autodiscover()
