"""Whose results or cases: the ministry and the kind of agency that the address chooses, whatever there is to choose."""

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from assessments.presentation import language
from pmqa.accounts.models import Agency, Ministry


class Places:
    """The filters that all dashboards share. `ministries` and `kinds` are what a page offers: (value, words).

    Values of the address that mean nothing are left out, and never an error.
    """

    ministries: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    # The filters that mean something, as in the address.
    chosen: dict[str, str]

    def __init__(self, data: Mapping[str, str]):
        self.data = data

    @cached_property
    def _english(self) -> dict[str, str]:
        """Ministry -> its English name, on pages in English; one query there, none in Thai."""
        if language() != "en":
            return {}
        return dict(Ministry.objects.exclude(name_en="").order_by().values_list("name", "name_en"))

    def ministry_name(self, name: str) -> str:
        """In the language of the page; dashboards know ministries by the names that were frozen."""
        return self._english.get(name, name)

    def named_ministries(self, names: set[str]) -> list[tuple[str, str]]:
        return sorted(((name, self.ministry_name(name)) for name in names), key=lambda entry: entry[1])

    @staticmethod
    def named_kinds(values: set[str]) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Agency.Kind.choices if value in values]

    @cached_property
    def ministry(self) -> str:
        wanted = self.data.get("ministry", "")
        return wanted if wanted in dict(self.ministries) else ""

    @cached_property
    def kind(self) -> str:
        wanted = self.data.get("kind", "")
        return wanted if wanted in dict(self.kinds) else ""

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def words(self) -> str:
        """The places in words, for heads and files: "กระทรวง … · จังหวัด"."""
        parts = [self.ministry_name(self.ministry) or _("ทั้งภาครัฐ")]
        if self.kind:
            parts.append(dict(self.kinds)[self.kind])
        return " · ".join(parts)
