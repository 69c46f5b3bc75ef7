"""The name of an agency or a ministry in the language of the page: English where it has one, else Thai."""

from typing import Protocol

from django.utils.translation import get_language


class Place(Protocol):
    name: str
    name_en: str


def name_of(place: Place) -> str:
    return ((get_language() or "").startswith("en") and place.name_en) or place.name
