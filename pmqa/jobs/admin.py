from django.contrib import admin

from pmqa.accounts.admin_site import site
from pmqa.jobs.models import Job


@admin.register(Job, site=site)
class JobAdmin(admin.ModelAdmin):
    list_display = ["pk", "kind", "status", "progress", "total", "attempts", "created_at", "finished_at"]
    list_filter = ["status", "kind"]
