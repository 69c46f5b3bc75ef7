"""The product's own print of an assessment, as PDF, comes back as the answers that were printed."""

import io

import pytest

from assessments import snapshot
from assessments.importing import read_prints
from assessments.importing.document import UNPLACED
from assessments.importing.sources import text_of
from assessments.models import Answer
from assessments.paper.printing import render_html
from assessments.reading import policy_of, read_answers, tree_of
from criteria.fields import plain_number
from pmqa import pdf
from tests import factories
from tests.assessments.test_paper import paper_of

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]

LONG = (
    "หน่วยงานสมมติทบทวนขั้นตอนร่วมกับผู้รับบริการทุกไตรมาสและปรับปรุงตามข้อเสนอแนะ ใช้ระบบ Dashboard (รุ่นทดลอง) "
    "ติดตามผลในพื้นที่สมมติ 5 อำเภอ และลดเวลารอจาก 45 นาทีเหลือ 20 นาที"
)


def squeezed(text: str) -> str:
    """Where a line was broken there may or may not have been a space."""
    return "".join(text.split())


def test_the_print_of_a_whole_assessment_comes_back(assessment):
    factories.complete_answers(assessment)
    factories.make_application(assessment)
    for code in ("1.1.2.1", "2.1.1.1", "1.2.5.1"):
        answer = factories.answer_of(assessment, code)
        first = next(iter(answer.values))
        Answer.objects.filter(pk=answer.pk).update(values=answer.values | {first: LONG}, claim="started")
    answers = read_answers(assessment)
    content = snapshot.build(assessment, answers)
    made = pdf.render(render_html(paper_of(assessment, content=content)))

    document = read_prints(
        tree_of(assessment), policy_of(assessment), [("own.pdf", text_of(io.BytesIO(made), len(made)))]
    )
    process = {part.code for part in tree_of(assessment).process_parts}
    assert {part.code for part in document.parts} == process
    wrong = {
        part.code: (part, answers.parts[part.code].values)
        for part in document.parts
        if part.status != answers.parts[part.code].claim
        or {key: squeezed(text) for key, text in part.fields.items()}
        != {key: squeezed(text) for key, text in answers.parts[part.code].values.items()}
    }
    assert wrong == {}
    stored = [answer.indicator for answer in answers.all_indicators]
    assert [
        (squeezed(row.name), row.unit, row.target, row.results, row.direction) for row in document.indicators
    ] == [
        (
            squeezed(indicator.name),
            indicator.unit,
            plain_number(indicator.target),
            tuple(plain_number(result) for result in indicator.results),
            indicator.direction,
        )
        for indicator in stored
    ]
    # The profile is none of Form 3 and Form 4: it is listed, not dropped.
    assert any("วิสัยทัศน์" in line.text for line in document.unplaced)
    assert sum(line.place == UNPLACED for line in document.lines) == len(document.unplaced)
