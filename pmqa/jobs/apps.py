from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "pmqa.jobs"
    label = "jobs"
    verbose_name = "งานเบื้องหลัง"
