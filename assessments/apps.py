from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = _("การประเมินตนเอง")

    def ready(self) -> None:
        from assessments import jobs, rules  # noqa: F401 (register themselves)
