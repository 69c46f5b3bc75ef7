"""The address of a button, opened as a page: what answers a POST keeps its address, and people reload what they see."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class ReopenedMiddleware:
    """Puts a page into the empty answer that Django gives to whoever opens an address that only takes a POST."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET":
            response.content = render_to_string("405.html")
        return response
