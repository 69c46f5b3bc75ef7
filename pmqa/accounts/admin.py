from collections.abc import Iterator
from datetime import date, datetime, time

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pmqa.accounts.admin_site import LoggedModelAdmin, site
from pmqa.accounts.log import ACTIONS
from pmqa.accounts.models import Agency, Appointment, LogEntry, Membership, Ministry, User
from pmqa.thai import thai_month


@admin.register(Ministry, site=site)
class MinistryAdmin(LoggedModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name", "name_en"]


class MembershipInline(admin.StackedInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user", "agency"]


class AppointmentInline(admin.StackedInline):
    model = Appointment
    extra = 0


@admin.register(Agency, site=site)
class AgencyAdmin(LoggedModelAdmin):
    list_display = ["code", "name", "ministry", "kind", "is_active"]
    list_filter = ["kind", "is_active", "ministry"]
    list_select_related = ["ministry"]
    search_fields = ["code", "name", "name_en"]
    autocomplete_fields = ["ministry"]
    inlines = [MembershipInline]


class InviteForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"
        field_classes = {"email": forms.EmailField}


@admin.register(User, site=site)
class UserAdmin(LoggedModelAdmin, DjangoUserAdmin):
    form = PersonForm
    add_form = InviteForm
    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_active"]
    list_filter = ["is_active", "appointments__role", "memberships__role"]
    search_fields = ["email", "first_name", "last_name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("บุคคล"), {"fields": ["first_name", "last_name", "is_active"]}),
        (_("วันที่สำคัญ"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["email", "first_name", "last_name", "usable_password", "password1", "password2"]},
        )
    ]
    inlines = [MembershipInline, AppointmentInline]


@admin.register(Membership, site=site)
class MembershipAdmin(LoggedModelAdmin):
    list_display = ["user", "agency", "role", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "agency"]
    autocomplete_fields = ["user", "agency"]
    search_fields = ["user__email", "agency__code", "agency__name"]


@admin.register(Appointment, site=site)
class AppointmentAdmin(LoggedModelAdmin):
    list_display = ["user", "role", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]


# The log only grows. Its filters offer what they know without reading all of it, as Django's own would.
class ActionFilter(admin.SimpleListFilter):
    """By the first word of an action ("evidence"), which is what is offered, or by all of it."""

    title = _("การกระทำ")
    parameter_name = "action"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [(area, area) for area in sorted({action.partition(".")[0] for action in ACTIONS})]

    def queryset(self, request, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        if self.value() is None:
            return queryset
        wanted = [action for action in ACTIONS if self.value() in (action, action.partition(".")[0])]
        return queryset.filter(action__in=wanted)


class MonthFilter(admin.SimpleListFilter):
    title = _("เดือน")
    parameter_name = "month"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        ends = LogEntry.objects.aggregate(first=Min("at"), last=Max("at"))
        if ends["first"] is None:
            return []
        language = "en" if get_language() == "en" else "th"
        months = _months_back(timezone.localdate(ends["last"]), timezone.localdate(ends["first"]))
        return [(f"{month:%Y-%m}", thai_month(month, language)) for month in months]

    def queryset(self, request, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        if self.value() is None:
            return queryset
        try:
            first = date.fromisoformat(f"{self.value()}-01")
            following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        except ValueError:
            return queryset.none()
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, following))
        return queryset.filter(at__gte=start, at__lt=end)


def _months_back(last: date, first: date) -> Iterator[date]:
    """The first day of every month from that of `last` back to that of `first`."""
    for number in range(last.year * 12 + last.month - 1, first.year * 12 + first.month - 2, -1):
        yield date(number // 12, number % 12 + 1, 1)


@admin.register(LogEntry, site=site)
class LogEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "actor_name", "action", "object_label", "agency"]
    list_filter = [MonthFilter, ActionFilter]
    list_select_related = ["agency"]
    search_fields = ["actor_name", "object_label"]
    show_full_result_count = False
