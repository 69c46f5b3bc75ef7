"""Mails about work that waits: each person's own choice. Mails about roles and passwords come all the same."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.back import way_back


@login_required
@require_POST
def set_work_mail(request: HttpRequest) -> HttpResponse:
    """`wanted` is 1 or 0; pressed twice it is the same choice."""
    wanted = request.POST.get("wanted") == "1"
    if User.objects.filter(pk=request.user.pk, wants_work_mail=not wanted).update(wants_work_mail=wanted):
        log.record("account.work_mail", request.user, by=request.user, wanted=wanted)
    if wanted:
        messages.success(request, _("จะส่งอีเมลถึงท่านเมื่อมีงานรออยู่"))
    else:
        messages.success(request, _("จะไม่ส่งอีเมลแจ้งงานถึงท่านอีก งานที่รออยู่ยังแสดงในระบบตามเดิม"))
    return redirect(way_back(request))
