from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("ผลการประเมิน")

    def ready(self) -> None:
        from assessments.models import Status
        from assessments.pages import waiting
        from results import jobs, rules, waiting_reading  # noqa: F401 (register themselves)
        from results.improvement import awaited
        from reviews import notices

        waiting.register(waiting_reading.waiting_tasks, waiting_in=(Status.REPORT_ISSUED,))
        notices.register(awaited.notice)
