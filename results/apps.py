from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = "ผลการประเมิน"

    def ready(self) -> None:
        from results import jobs, rules  # noqa: F401 (register themselves)
