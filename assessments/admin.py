from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Cycle
from criteria.models import Edition
from criteria.scoring import POLICIES, PolicyError, policy_from
from pmqa.accounts.admin_site import LoggedModelAdmin, site


class CycleForm(forms.ModelForm):
    """The policy is chosen by name; its parameters are JSON and are checked by the engine itself."""

    policy_name = forms.ChoiceField(label=_("หลักเกณฑ์การให้คะแนน"), choices=[(name, name) for name in POLICIES])
    policy_parameters = forms.JSONField(
        label=_("ค่าที่เปลี่ยนจากหลักเกณฑ์"),
        required=False,
        help_text=_('เช่น {"started_credit": "0.5"} เว้นว่างถ้าไม่เปลี่ยน'),
    )

    class Meta:
        model = Cycle
        fields = [
            "name", "year", "edition", "track", "opens_at", "closes_at", "grace_until", "review_closes_at",
            "requires_application", "requires_profile", "stage_two_scale",
            "least_reviewers", "ticket_days", "ticket_limit", "appeal_days", "vetting", "extra_holidays",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "edition" in self.fields:
            # An old edition is kept to be read; a cycle that has one keeps it.
            kept = Q(pk=self.instance.edition_id)
            self.fields["edition"].queryset = Edition.objects.filter(
                Q(status=Edition.Status.PUBLISHED) | kept
            )
        self.fields["policy_name"].initial = self.instance.policy.get("name")
        self.fields["policy_parameters"].initial = self.instance.policy.get("parameters") or None
        # Of this form's own copies: a field of the class would stay closed for the next cycle as well.
        if self.instance.pk and self.instance.assessments.exists():
            for name in ("policy_name", "policy_parameters"):
                self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        parameters = cleaned.get("policy_parameters") or {}
        try:
            policy_from(cleaned.get("policy_name", ""), parameters)
        except (PolicyError, AttributeError) as error:
            self.add_error("policy_parameters", str(error))
        self.instance.policy = {"name": cleaned.get("policy_name"), "parameters": parameters}
        return cleaned


@admin.register(Cycle, site=site)
class CycleAdmin(LoggedModelAdmin):
    """A cycle with assessments keeps its edition, its year and its policy: nobody's rules change under way."""

    form = CycleForm
    list_display = ["name", "year", "edition", "opens_at", "closes_at"]
    list_select_related = ["edition"]
    fields = [
        "name",
        "year",
        "edition",
        "track",
        ("opens_at", "closes_at", "grace_until", "review_closes_at"),
        ("requires_application", "requires_profile"),
        "least_reviewers",
        ("ticket_days", "ticket_limit"),
        "appeal_days",
        "vetting",
        "stage_two_scale",
        "extra_holidays",
        "policy_name",
        "policy_parameters",
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["edition", "year", "track"] if obj and obj.assessments.exists() else []

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.assessments.exists())


@admin.register(Assessment, site=site)
class AssessmentAdmin(LoggedModelAdmin):
    """To look up; nothing changes here. More time for one agency has a page of its own."""

    list_display = ["agency", "cycle", "status", "submitted_at", "extended_until"]
    list_filter = ["cycle", "status"]
    list_select_related = ["agency", "cycle"]
    search_fields = ["agency__code", "agency__name"]
    fields = ["agency", "cycle", "status", "submitted_at", "extended_until"]
