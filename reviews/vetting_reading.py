"""What the page of the second reader shows: the texts as they will be printed, proposals, and who has confirmed."""

from dataclasses import dataclass

from assessments.models import Assessment
from assessments.reading import tree_of
from assessments.texts.differing import Piece, difference
from reviews.drafting import report_order
from reviews.feedback_reading import chapter_titles, title_of
from reviews.models import FeedbackSection
from reviews.services import vetting as services
from reviews.tone_words import tone_advice
from reviews.vetting_models import Vetting, Wording


@dataclass(frozen=True)
class Proposed:
    """A proposal with its differences from the text that it was made of."""

    wording: Wording
    pieces: tuple[Piece, ...]

    @property
    def is_open(self) -> bool:
        return self.wording.state == Wording.State.OPEN


@dataclass(frozen=True)
class Passage:
    """One text of the report as the second reader reads it."""

    section: FeedbackSection
    chapter: str
    title: str
    tone: tuple[str, ...]
    proposals: tuple[Proposed, ...]

    @property
    def anchor(self) -> str:
        return f"s-{self.section.code.replace(':', '-').replace('.', '-')}"

    @property
    def has_open(self) -> bool:
        return any(proposal.is_open for proposal in self.proposals)


@dataclass(frozen=True)
class Desk:
    """`said` is what counts for the texts of now, `earlier` what was confirmed of texts that have changed since."""

    passages: tuple[Passage, ...]
    fingerprint: str
    said: tuple[Vetting, ...]
    earlier: tuple[Vetting, ...]

    def has(self, kind: str) -> bool:
        return any(entry.kind == kind for entry in self.said)

    def has_form(self, code: str) -> bool:
        """Whether wording may be proposed for the text of this section."""
        return any(row.section.code == code and not row.has_open for row in self.passages)

    @property
    def is_read(self) -> bool:
        return self.has(Vetting.Kind.READ)

    @property
    def is_signed(self) -> bool:
        return self.has(Vetting.Kind.SIGNED)

    @property
    def open_count(self) -> int:
        return sum(passage.has_open for passage in self.passages)


def read_desk(assessment: Assessment) -> Desk:
    """Three queries."""
    tree, titles = tree_of(assessment), chapter_titles()
    sections = sorted(services.printed(assessment), key=lambda section: report_order(section.code))
    proposals: dict[str, list[Proposed]] = {}
    for wording in assessment.wordings.all():
        shown = Proposed(wording, difference(wording.before, wording.text))
        proposals.setdefault(wording.code, []).append(shown)
    now = services.fingerprint(sections)
    said = list(assessment.vettings.all())
    return Desk(
        passages=tuple(
            Passage(
                section=section,
                chapter=titles[section.code.partition(":")[0]],
                title=title_of(tree, section.code),
                tone=tuple(tone_advice(section.text)),
                proposals=tuple(proposals.get(section.code, ())),
            )
            for section in sections
        ),
        fingerprint=now,
        said=tuple(entry for entry in said if entry.fingerprint == now),
        earlier=tuple(entry for entry in said if entry.fingerprint != now),
    )
