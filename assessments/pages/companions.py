"""What stands beside the items of Form 3: the facts of the profile that they refer to, and the results they lead to.

Costs no query: it is made of answers that the page has read already.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from assessments.forms.parts import as_lines
from assessments.models import Assessment
from assessments.reading import Answers, indicator_code, tree_of
from criteria.fields import is_filled
from criteria.structure import PROCESS, Edition, Topic
from criteria.templatetags.criteria_text import named

# Which results a category leads to. 1 to 3 as the award's guide pairs them; 4 to 6 by what the topics of category 7
# measure: the workforce (7.3), digital work, costs and processes (7.6), the mission (7.1).
RESULTS_OF: Mapping[str, tuple[str, ...]] = {
    "1": ("7.1", "7.4"),
    "2": ("7.1", "7.5"),
    "3": ("7.2",),
    "4": ("7.6",),
    "5": ("7.3",),
    "6": ("7.1", "7.6"),
}
# The questions of the profile that a category, or one of its items by name, rests on.
FACTS_OF_CATEGORY: Mapping[str, tuple[str, ...]] = {
    "1": ("OP1.vision", "OP1.mission", "OP1.values"),
    "2": ("OP1.mission", "OP3.challenges", "OP3.advantages"),
    "3": ("OP2.customers", "OP2.stakeholders"),
    "4": ("OP3.comparative_data", "OP3.improvement_system"),
    "5": ("OP1.core_competencies", "OP1.culture"),
    "6": ("OP1.main_services", "OP2.suppliers", "OP2.partners"),
}
FACTS_OF_ITEM: Mapping[str, tuple[str, ...]] = {
    "1.1.2": ("OP1.mission",),
    "2.1.1": ("OP3.challenges",),
    "3.1.2": ("OP2.customers",),
    "3.2.2": ("OP2.customers", "OP2.stakeholders"),
    "5.3.2": ("OP1.values",),
    "5.4.2": ("OP1.core_competencies",),
    "6.3.4": ("OP3.comparative_data",),
}


@dataclass(frozen=True)
class Facts:
    """One question of the profile with what the agency answered, a line for each row."""

    title: str
    lines: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Result:
    """One topic of category 7 and its indicators: (code, name, address of its blank)."""

    topic: Topic
    url: str
    indicators: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Companions:
    facts: tuple[Facts, ...]
    results: tuple[Result, ...]


def companions_of(assessment: Assessment, answers: Answers, topic: Topic) -> Companions:
    """What the category of a topic of Form 3 rests on and leads to."""
    tree = tree_of(assessment)
    category = tree.category_of_topic[topic.code]
    if category.kind != PROCESS:
        return Companions((), ())
    return Companions(
        _facts(assessment, tree, answers, FACTS_OF_CATEGORY.get(category.code, ())),
        tuple(
            _result(assessment, answers, tree.topics[code])
            for code in RESULTS_OF.get(category.code, ())
            if code in tree.topics
        ),
    )


def facts_of_item(assessment: Assessment, answers: Answers, item: str) -> tuple[Facts, ...]:
    """The facts that one item asks about by name; those that are not written yet are left out."""
    found = _facts(assessment, tree_of(assessment), answers, FACTS_OF_ITEM.get(item, ()))
    return tuple(facts for facts in found if facts.lines)


def _facts(
    assessment: Assessment, tree: Edition, answers: Answers, questions: tuple[str, ...]
) -> tuple[Facts, ...]:
    found = []
    for code in questions:
        if code not in tree.parts or code not in answers.parts:
            continue
        blank = tree.parts[code].fields[0]
        value = answers.parts[code].values.get(blank.key)
        section = tree.place_of_part[code][1].code
        found.append(
            Facts(
                title=named(blank),
                lines=tuple(filter(None, as_lines(value).splitlines())) if is_filled(value) else (),
                url=f"{reverse('assessments:topic', args=[assessment.pk, section])}#p{code}",
            )
        )
    return tuple(found)


def _result(assessment: Assessment, answers: Answers, topic: Topic) -> Result:
    url = reverse("assessments:topic", args=[assessment.pk, topic.code])
    return Result(
        topic,
        url,
        tuple(
            (indicator_code(part.code, place), answer.indicator.name, f"{url}#i{answer.pk}-name")
            for part in topic.parts
            for place, answer in enumerate(answers.indicators.get(part.code, ()), start=1)
            if answer.indicator.name.strip()
        ),
    )
