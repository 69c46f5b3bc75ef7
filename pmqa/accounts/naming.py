"""The name of an agency or a ministry in the language of the page: English where it has one, else Thai."""

from django.utils.translation import get_language

from pmqa.accounts.models import Agency, Ministry


def name_of(place: Ministry | Agency) -> str:
    return ((get_language() or "").startswith("en") and place.name_en) or place.name
