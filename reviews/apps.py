from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("การตรวจประเมิน")

    def ready(self) -> None:
        from reviews import rules  # noqa: F401 (registers itself)
