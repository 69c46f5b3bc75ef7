from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("การตรวจประเมิน")

    def ready(self) -> None:
        from assessments.models import Status
        from assessments.pages import waiting
        from assessments.services import readings
        from reviews import (
            rules,
            ticket_reading,
        )

        readings.register_hidden(rules.judging_since)
        waiting.register(ticket_reading.waiting_tasks, waiting_in=(Status.IN_REVIEW,))
