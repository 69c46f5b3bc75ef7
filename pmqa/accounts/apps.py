from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "pmqa.accounts"
    label = "accounts"
    verbose_name = "บุคคลและหน่วยงาน"

    def ready(self) -> None:
        from pmqa.accounts import rules, signals  # noqa: F401 (both register themselves once models exist)
