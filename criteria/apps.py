from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CriteriaConfig(AppConfig):
    name = "criteria"
    verbose_name = _("เกณฑ์")

    def ready(self) -> None:
        from criteria import rules  # noqa: F401 (registers itself)
