"""Whether a paper or file is the one that was issued; for everybody, without a log-in."""

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from pmqa.accounts.limits import is_within
from results.authenticity import Finding, read_code, verify_file
from results.authenticity import verify as verify_code
from results.verify_words import told

# The whole report of a full case is less than 2 MB, its export less than 3; forms with every blank full may be more.
LARGEST = 8 * 1024 * 1024
# Questions of one address in a minute: a room full of people with one report each, and no guessing.
PER_MINUTE = 60


class InMemory(MemoryFileUploadHandler):
    """Keeps the file off the disk; the view has looked at the length of the request before."""

    def handle_raw_input(self, *args, **kwargs):
        self.activated = True


# Nothing is changed and nobody is signed in by it, so there is nothing that a foreign page could forge.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A code, typed or scanned, or a file; the answer shows no content."""
    code = request.GET.get("code", "").strip()
    if request.method != "POST" and not code:
        return _page(request)
    if not is_within(request, "verify", PER_MINUTE):
        return _page(request, code=code, error=_("ตรวจสอบบ่อยเกินไป รอ 1 นาทีแล้วลองอีกครั้ง"), status=429)
    if request.method == "POST":
        return _file(request)
    asked = read_code(code)
    if asked is None:
        error = _("รหัสไม่ครบ ใส่รหัสหน่วยงาน ปี และรหัสย่อ 12 ตัว เช่น ABC-2570-0123456789ab")
        return _page(request, code=code, error=error, status=422)
    return _page(request, code=code, finding=verify_code(asked))


def _file(request: HttpRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return _page(request, file_error=_("ไฟล์ใหญ่กว่า 8 MB จึงตรวจที่นี่ไม่ได้ ใส่รหัสที่พิมพ์บนเอกสารแทน"), status=413)
    request.upload_handlers = [InMemory(request)]
    found = request.FILES.get("file")
    if found is None:
        return _page(request, file_error=_("เลือกไฟล์ PDF หรือ JSON ก่อน"), status=422)
    return _page(request, finding=verify_file(found.read()), is_file=True)


def _page(
    request: HttpRequest, *, status: int = 200, finding: Finding | None = None, **context
) -> HttpResponse:
    answer = {"finding": finding, "told": told(finding)} if finding else {}
    return render(request, "results/verify.html", context | answer, status=status)
