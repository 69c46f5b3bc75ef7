"""Who else of the agency has a topic open (static/js/presence.js)."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.services import presence
from assessments.views.common import door
from criteria.catalogue import topic_or_404


@login_required
@never_cache
@require_POST
def beat(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The sentence to show, empty where nobody else is there."""
    assessment = door(request, pk)
    topic = topic_or_404(assessment.cycle.edition, code)
    others = presence.beat(assessment, topic.code, by=request.user)
    sentence = _("เปิดอยู่ด้วย: %(names)s") % {"names": ", ".join(others)} if others else ""
    return JsonResponse({"sentence": sentence})
