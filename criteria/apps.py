from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "criteria"
    verbose_name = "เกณฑ์"

    def ready(self) -> None:
        from criteria import rules  # noqa: F401 (registers itself)
