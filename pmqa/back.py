"""The way back from a button that stands on every page."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """Where the form of the button says it was pressed; the start page where that is not of this house."""
    back = request.POST.get("next", "/")
    # A path: what is none, Django would look up as the name of a view.
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours and back.startswith("/") else "/"
