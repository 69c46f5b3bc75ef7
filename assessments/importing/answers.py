"""Splits the printed text of one part, `lead ...answer... label ...answer...`, into its fields."""

import re
from dataclasses import dataclass

from assessments.importing.dots import begins_with_dots, clean, find_dots
from assessments.importing.labels import Label, Token, find_labels, tokens_of
from assessments.importing.likeness import skeleton
from assessments.importing.wording import LABEL_ENDINGS, PartWording

# An unknown label is at most this long, in letters of its skeleton.
_UNKNOWN_LABEL = 120
_PERCENT = re.compile(r"(?:ร้อยละ)?\s*([0-9๐-๙][0-9๐-๙.,]*)\s*%?")


@dataclass(frozen=True, slots=True)
class Split:
    """`fields`: the filled blanks by key. `unsplit`: text that stood in no blank is in the first field."""

    fields: dict[str, str]
    unsplit: bool


def split(wording: PartWording, text: str) -> Split:
    """The fields of a part, from everything printed for it behind its box and before its mark."""
    tokens = tokens_of(text)
    return _Regions(wording, text, tokens, find_labels(wording, tokens)).split()


class _Regions:
    """Gives the text between the labels to the fields."""

    def __init__(self, wording: PartWording, text: str, tokens: list[Token], labels: list[Label]):
        self.part = wording.part
        self.text = text
        self.tokens = tokens
        self.labels = labels
        self.places = {label.place for label in labels}
        self.answers: dict[int, str] = {}
        self.loose: list[tuple[bool, str]] = []

    def split(self) -> Split:
        count = len(self.part.fields)
        begin = self.labels[0].first if self.labels else len(self.tokens)
        if begin:
            self._before_labels(self._region(0, begin))
        ends = [*(label.first for label in self.labels[1:]), len(self.tokens)]
        for label, end in zip(self.labels, ends, strict=False):
            region = self._region(label.after, end)
            if label.place == 0 and 1 not in self.places:
                self.answers[1] = region
            elif label.place == 0 or label.place > count:
                self._keep_loose(region, early=label.place == 0)
            else:
                self._answer(label.place, region)
        return self._result()

    def _region(self, first: int, after: int) -> str:
        if first >= after:
            return ""
        return self.text[self.tokens[first].start : self.tokens[after - 1].end]

    def _before_labels(self, region: str) -> None:
        if 1 in self.places:
            self._keep_loose(region, early=True)
            return
        self.answers[1] = region
        words_before_blank = not begins_with_dots(region) and find_dots(region.rstrip(" \n.…")) >= 0
        if words_before_blank or (len(self.part.fields) > 1 and not self.labels):
            self.loose.append((True, ""))

    def _keep_loose(self, region: str, *, early: bool) -> None:
        if clean(region):
            self.loose.append((early, clean(region)))

    def _answer(self, place: int, region: str) -> None:
        missing = any(
            asked.required and number not in self.places
            for number, asked in enumerate(self.part.fields, start=1)
            if number > place
        )
        rest = _behind_first_blank(region) if missing else None
        if rest is None:
            self.answers[place] = region
            return
        self.answers[place] = region[: len(region) - len(rest)]
        self._keep_loose(rest, early=False)

    def _result(self) -> Split:
        answers = {place: clean(region) for place, region in self.answers.items()}
        if self.loose:
            early = [text for is_early, text in self.loose if is_early and text]
            late = [text for is_early, text in self.loose if not is_early and text]
            answers[1] = "\n".join([*early, *filter(None, [answers.get(1, "")]), *late])
        fields = {
            asked.key: value_of(asked.kind, answers[number])
            for number, asked in enumerate(self.part.fields, start=1)
            if answers.get(number)
        }
        return Split(fields, bool(self.loose) and bool(fields))


def _behind_first_blank(region: str) -> str | None:
    """What follows `...answer...` where it is a label nobody knows and another blank."""
    tokens = [token for token in tokens_of(region) if token.kind != "seam"]
    dots = [token for token in tokens if token.kind == "dots"]
    if len(dots) < 3 or tokens[0].kind != "dots":
        return None
    between = region[dots[1].end : dots[2].start]
    if 0 < len(skeleton(between)) <= _UNKNOWN_LABEL and skeleton(between).endswith(LABEL_ENDINGS):
        return region[dots[1].end :]
    return None


def value_of(kind: str, text: str) -> str:
    """A percentage without the word or sign that the form prints anyway; any other answer as it is."""
    match = _PERCENT.fullmatch(text) if kind == "percent" else None
    return match[1] if match else text
