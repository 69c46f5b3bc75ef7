from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "การตรวจประเมิน"

    def ready(self) -> None:
        from reviews import rules  # noqa: F401 (registers itself)
