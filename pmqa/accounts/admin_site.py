"""The administration site: our log-in, our rights, every change in the audit log."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.models import LogEntry as DjangoLogEntry
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pmqa.accounts import log


class OpdcAdminSite(admin.AdminSite):
    site_header = _("PMQA 4.0 ตั้งค่าระบบ")
    site_title = _("PMQA 4.0 ตั้งค่าระบบ")
    index_title = _("ตั้งค่าระบบ")
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        return request.user.is_active and request.user.has_perm("accounts.use_admin")


class LoggedModelAdmin(admin.ModelAdmin):
    """A ModelAdmin whose additions, changes and deletions are in the audit log, in the same transaction."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Day and hour are two blanks under one label: each says which it is."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, AdminSplitDateTime):
            for blank, word in zip(field.widget.widgets, (_("วันที่"), _("เวลา")), strict=True):
                blank.attrs["aria-label"] = format_lazy("{} {}", field.label, word)
        return field

    def log_addition(self, request, obj, message) -> DjangoLogEntry:
        log.record("admin.added", obj, by=request.user, agency=getattr(obj, "agency", None))
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message) -> DjangoLogEntry:
        fields = [name for entry in message for name in entry.get("changed", {}).get("fields", [])]
        log.record("admin.changed", obj, by=request.user, agency=getattr(obj, "agency", None), fields=fields)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            log.record("admin.deleted", obj, by=request.user)
        return super().log_deletions(request, queryset)


site = OpdcAdminSite()
site.login = secure_admin_login(site.login)
