from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from pmqa.accounts.admin_site import LoggedModelAdmin, site
from pmqa.accounts.models import Agency, Appointment, LogEntry, Membership, Ministry, User


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


@admin.register(LogEntry, site=site)
class LogEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "actor_name", "action", "object_label", "agency"]
    list_filter = ["action"]
    list_select_related = ["agency"]
    search_fields = ["actor_name", "object_label"]
    date_hierarchy = "at"
