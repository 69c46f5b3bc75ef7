from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from assessments.workflow import lock
from criteria.models import Category
from pmqa.accounts.admin_site import LoggedModelAdmin, site
from pmqa.errors import Refused
from reviews.loads import sizes_of
from reviews.models import Assignment
from reviews.reading import MARKED_KINDS
from reviews.services.assigning import check_assignable, check_people
from reviews.team_models import ReviewerProfile


class AssignmentForm(forms.ModelForm):
    """One person for one category, under the same rules as the page of the case."""

    class Meta:
        model = Assignment
        fields = ["assessment", "category", "reviewer", "marks", "is_lead"]

    def clean(self):
        cleaned = super().clean()
        assessment, reviewer = cleaned.get("assessment"), cleaned.get("reviewer")
        if assessment is None or reviewer is None:
            return cleaned
        locked = lock(assessment)
        try:
            check_assignable(locked)
            check_people([reviewer], locked.agency)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused
        category = cleaned.get("category")
        if category and (category.edition_id != locked.cycle.edition_id or category.kind not in MARKED_KINDS):
            self.add_error("category", _("เลือกหมวด 1 ถึง 7 ของฉบับเดียวกับรอบการประเมิน"))
        return cleaned


@admin.register(Assignment, site=site)
class AssignmentAdmin(LoggedModelAdmin):
    """Assignments are made here one by one, or for a whole case on its page. Once made they are withdrawn
    there, never changed; one that nobody has opened may be deleted."""

    form = AssignmentForm
    list_display = ["assessment", "category", "reviewer", "marks", "is_lead", "handed_in_at", "recused_at"]
    list_filter = ["assessment__cycle", "is_lead"]
    list_select_related = ["assessment__agency", "assessment__cycle", "category", "reviewer"]
    search_fields = ["assessment__agency__code", "assessment__agency__name", "reviewer__email"]
    autocomplete_fields = ["assessment", "reviewer"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "category":
            field.queryset = field.queryset.filter(kind__in=MARKED_KINDS).select_related("edition")
        return field

    def save_model(self, request, obj, form, change):
        sizes = sizes_of([obj.assessment_id])
        obj.parts, obj.words = sizes.get((obj.assessment_id, obj.category_id), (0, 0))
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and obj is None

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.opened_at is None)

    def get_actions(self, request):
        # Deleting many at once would not look at each.
        return {}


class ReviewerProfileForm(forms.ModelForm):
    """The categories as boxes; their codes are the same in all editions."""

    categories = forms.MultipleChoiceField(
        label=_("หมวดที่ถนัด"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("ไม่เลือกหมวดใด หมายถึงทุกหมวด"),
    )

    class Meta:
        model = ReviewerProfile
        fields = ["user", "categories", "can_lead", "is_available"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = Category.objects.filter(kind__in=MARKED_KINDS).order_by("code").values_list("code", flat=True)
        self.fields["categories"].choices = [(code, code) for code in codes.distinct()]


@admin.register(ReviewerProfile, site=site)
class ReviewerProfileAdmin(LoggedModelAdmin):
    """Who is proposed for cases, for which categories, and who may lead."""

    form = ReviewerProfileForm
    list_display = ["user", "shown_categories", "can_lead", "is_available"]
    list_filter = ["can_lead", "is_available"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__first_name", "user__last_name"]
    autocomplete_fields = ["user"]

    @admin.display(description=_("หมวดที่ถนัด"))
    def shown_categories(self, profile: ReviewerProfile) -> str:
        return ", ".join(profile.categories) or _("ทุกหมวด")
