"""Whoever reads an agency from outside leaves a line, written once the page is made and before it is sent."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from assessments.models import Assessment
from assessments.services import readings


def opened(request: HttpRequest, assessment: Assessment, *, is_result: bool = False) -> None:
    """This request asks for what the agency wrote. Nothing is noted if it is refused in the end."""
    request.opened_content = (assessment, is_result)


class ReadingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        assessment, is_result = getattr(request, "opened_content", (None, False))
        if assessment and response.status_code == 200 and readings.is_outside(request.user, assessment):
            # No line, no reading: what fails here is not sent.
            readings.note(assessment, by=request.user, is_result=is_result)
        return response
