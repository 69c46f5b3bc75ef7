from django.contrib import admin

from pmqa.accounts.admin_site import site
from results.models import ResultSheet


@admin.register(ResultSheet, site=site)
class ResultSheetAdmin(admin.ModelAdmin):
    """To look up; a sheet is frozen (`results.rules`)."""

    list_display = ["assessment", "revision", "claimed_total", "verified_total", "created_at"]
    list_filter = ["assessment__cycle", "policy_name"]
    list_select_related = ["assessment__agency", "assessment__cycle"]
    search_fields = ["assessment__agency__code", "assessment__agency__name"]
    exclude = ["payload"]
