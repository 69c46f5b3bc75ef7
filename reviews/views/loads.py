"""OPDC sees how much every reviewer has left, until when, and whether it goes fast enough."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reviews.loads_reading import DAYS, read_loads


@login_required
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A line for each reviewer, most left first."""
    if not request.user.has_perm("reviews.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับเจ้าหน้าที่ สำนักงาน ก.พ.ร."))
    loads, is_partial = read_loads(request.user)
    return render(request, "reviews/loads.html", {"loads": loads, "is_partial": is_partial, "days": DAYS})
