"""A form that is sent, checked and saved in one place: what became of it, for a page that shows it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest

from pmqa.errors import Conflict, Refused


@dataclass(frozen=True, slots=True)
class Attempt:
    """`status` of the reply; `made` is what the service gave back, when `saved`.

    Otherwise `reason` is the sentence of a refusal, and `current` the row as somebody else saved it in between.
    """

    status: int = 200
    saved: bool = False
    made: Any = None
    reason: str = ""
    current: Any = None


def attempt(request: HttpRequest, form: Form, save: Callable[[Mapping[str, Any]], Any]) -> Attempt:
    """Save a form that was posted; `save` is handed what was typed and may raise Conflict or Refused."""
    if request.method != "POST":
        return Attempt()
    if not form.is_valid():
        return Attempt(status=422)
    try:
        made = save(form.cleaned_data)
    except Conflict as conflict:
        return Attempt(status=409, current=conflict.current)
    except Refused as refused:
        return Attempt(status=422, reason=str(refused))
    return Attempt(saved=True, made=made)
