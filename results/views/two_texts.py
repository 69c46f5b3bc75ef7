"""The answer to a conflict: two texts side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.views.common import conflict_reply, wants_json
from reviews.conflicts import differing


def two_texts(
    request: HttpRequest,
    assessment: Assessment,
    form: Any,
    current: Any,
    *,
    title: str,
    action: str,
    back: str,
    template: str = "results/improvement/conflict.html",
) -> HttpResponse:
    """409: what was posted and what `current` says, to choose from or to merge; a panel for the script, else a page.

    `title` names what they are of; `form` is a `Kept`, or says the same of itself.
    """
    mine, theirs = form.typed, form.as_typed(current)
    by, at = form.WRITTEN
    context: dict[str, Any] = {
        "fields": differing({name: str(form.fields[name].label) for name in form.TEXTS}, mine, theirs),
        "choices": [
            (form[name], _shown(form, name, mine[name]), _shown(form, name, theirs[name]))
            for name in form.CHOICES
            if mine[name] != theirs[name]
        ],
        "their_name": getattr(current, by) or _("ระบบ"),
        "their_time": getattr(current, at),
        "version": current.version,
    }
    if wants_json(request):
        html = render_to_string("results/improvement/conflict_panel.html", context, request)
        message = _("ยังไม่บันทึก: มีสองฉบับ")
        return conflict_reply(context["version"], message, html, theirs={"values": theirs})
    kept = [(name, text) for name, text in mine.items() if name in form.TEXTS or text == theirs[name]]
    places = {"assessment": assessment, "title": title, "action": action, "back": back}
    return render(request, template, context | places | {"kept": kept}, status=409)


def _shown(form: Any, name: str, value: str) -> str:
    return str(dict(getattr(form.fields[name], "choices", ())).get(value, value) or _("ยังไม่ระบุ"))
