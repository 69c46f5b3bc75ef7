from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "การประเมินตนเอง"

    def ready(self) -> None:
        from assessments import rules  # noqa: F401 (registers itself)
