from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("การตรวจประเมิน")

    def ready(self) -> None:
        from assessments.models import Status
        from assessments.pages import waiting
        from reviews import (
            rules,  # noqa: F401 (registers itself)
            ticket_reading,
        )

        waiting.register(ticket_reading.waiting_tasks, waiting_in=(Status.IN_REVIEW,))
