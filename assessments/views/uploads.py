"""The door through which static/js/upload.js sends a file piece by piece; every answer is JSON.

begin: POST name, size, modified -> {id, received, url}; the same file goes on where it stopped.
piece: POST the bytes to url + offset -> {received, complete}; 409 {received} says where to go on.
The form that is posted at the end names the upload by its id.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.evidence import UploadForm
from assessments.models import Upload
from assessments.services import uploads
from assessments.views.common import door
from pmqa.errors import Conflict, Refused

STATUS = {"closed": 403, "disk": 507}


def _answers_in_json(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> JsonResponse:
        if not request.user.is_authenticated:
            message = _("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้งในหน้าต่างใหม่ แล้วเลือกไฟล์เดิม จะส่งต่อจากที่ค้าง")
            return JsonResponse({"message": message}, status=401)
        try:
            return view(request, *args, **kwargs)
        except Conflict as conflict:
            return JsonResponse({"received": conflict.current.received}, status=409)
        except Refused as refused:
            return JsonResponse({"message": str(refused)}, status=STATUS.get(refused.code, 422))

    return never_cache(require_POST(wrapped))


@_answers_in_json
def begin(request: HttpRequest, pk: int) -> JsonResponse:
    assessment = door(request, pk)
    form = UploadForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("เลือกไฟล์ใหม่แล้วลองอีกครั้ง")}, status=422)
    found = form.cleaned_data
    upload = uploads.begin(
        assessment, name=found["name"], size=found["size"], modified=found["modified"] or 0, by=request.user
    )
    first = reverse("assessments:upload", args=[pk, upload.pk, 0])
    where = first.removesuffix("0/")
    return JsonResponse({"id": str(upload.pk), "received": upload.received, "url": where})


@_answers_in_json
def piece(request: HttpRequest, pk: int, upload: str, offset: int) -> JsonResponse:
    assessment = door(request, pk)
    found = get_object_or_404(Upload, pk=upload, assessment=assessment)
    found.assessment = assessment
    stored = uploads.append(found, offset=offset, data=request.body, by=request.user)
    return JsonResponse({"received": stored.received, "complete": stored.is_complete})
