from django.contrib import admin

from criteria.models import Edition
from pmqa.accounts.admin_site import site


@admin.register(Edition, site=site)
class EditionAdmin(admin.ModelAdmin):
    """Read-only: an edition comes from its YAML folder through load_criteria."""

    list_display = ["code", "title_th", "status", "published_at"]
    search_fields = ["code", "title_th"]
