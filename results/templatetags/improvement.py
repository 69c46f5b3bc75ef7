"""What templates ask of improvement plans."""

from django import template

from assessments.models import Assessment
from pmqa.accounts.models import User

register = template.Library()


@register.simple_tag
def may_read_plan(user: User, assessment: Assessment) -> bool:
    """Whether a page of a result may lead this person to the plan that follows from it."""
    return user.has_perm("results.read_plan", assessment)
