from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Cycle
from assessments.services import timing
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
            "appeal_days", "extra_holidays",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["policy_name"].initial = self.instance.policy.get("name")
        self.fields["policy_parameters"].initial = self.instance.policy.get("parameters") or None

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
        "appeal_days",
        "extra_holidays",
        "policy_name",
        "policy_parameters",
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["edition", "year", "track"] if obj and obj.assessments.exists() else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and obj.assessments.exists():
            form.base_fields["policy_name"].disabled = True
            form.base_fields["policy_parameters"].disabled = True
        return form

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.assessments.exists())


class ExtensionForm(forms.ModelForm):
    """More time needs a reason, which all agencies read (V13)."""

    reason = forms.CharField(
        label=_("เหตุผลที่ขยายเวลา"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("ทุกหน่วยงานอ่านได้ในบัญชีการขยายเวลา"),
    )

    class Meta:
        model = Assessment
        fields = ["extended_until"]

    def clean(self):
        cleaned = super().clean()
        if "extended_until" in self.changed_data and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("ระบุเหตุผลที่ขยายเวลา เพราะทุกหน่วยงานอ่านได้"))
        return cleaned


@admin.register(Assessment, site=site)
class AssessmentAdmin(LoggedModelAdmin):
    """Here an administrator extends the time of one agency; everything else has its own page."""

    form = ExtensionForm
    list_display = ["agency", "cycle", "status", "submitted_at", "extended_until"]
    list_filter = ["cycle", "status"]
    list_select_related = ["agency", "cycle"]
    search_fields = ["agency__code", "agency__name"]
    fields = ["agency", "cycle", "status", "submitted_at", "extended_until", "reason"]
    readonly_fields = ["agency", "cycle", "status", "submitted_at"]

    def save_model(self, request, obj, form, change):
        """Only the time can change here, and only with its line in the ledger."""
        timing.extend(obj, until=obj.extended_until, reason=form.cleaned_data["reason"], by=request.user)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
