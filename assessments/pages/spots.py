"""Where one answer stands in the form: what its pages of history and comments are headed by and link to."""

from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Answer
from assessments.pages.state import State
from assessments.reading import indicator_code
from criteria.structure import Category, Item, Part, Topic


@dataclass(frozen=True)
class Spot:
    """An answer in its form. `code` is what people see, 1.1.1.1 or 7.1.1.2; `back` leads to its blanks."""

    answer: Answer
    part: Part
    item: Item
    topic: Topic
    category: Category
    code: str
    title: str
    back: str

    @property
    def is_indicator(self) -> bool:
        return hasattr(self.answer, "indicator")

    @property
    def history(self) -> str:
        return inside_url(self.answer, "history")

    @property
    def comments(self) -> str:
        return inside_url(self.answer, "comments")


def inside_url(answer: Answer, page: str) -> str:
    """The address of the page "history" or "comments" of an answer that was read with its part and indicator."""
    if hasattr(answer, "indicator"):
        return reverse(f"assessments:indicator_{page}", args=[answer.assessment_id, answer.pk])
    return reverse(f"assessments:part_{page}", args=[answer.assessment_id, answer.part.code])


def spot_of(state: State, answer: Answer) -> Spot:
    """`answer` may be an indicator that was removed; it then stands in its group without a number."""
    category, topic, item = state.tree.place_of_part[answer.part.code]
    part = state.tree.parts[answer.part.code]
    place = reverse("assessments:topic", args=[state.assessment.pk, topic.code])
    code, title, anchor = part.code, item.title_th, f"p{part.code}"
    if hasattr(answer, "indicator"):
        rows = [row.pk for row in state.answers.indicators.get(part.code, ())]
        if answer.pk in rows:
            code, anchor = indicator_code(part.code, rows.index(answer.pk) + 1), f"i{answer.pk}"
        title = answer.indicator.name or title
    return Spot(answer, part, item, topic, category, code, title, f"{place}#{anchor}")
