"""Finds the labels of a part's blanks in its printed text.

Answers hold dots, line breaks and the words of labels, labels hold dots and slips, and either delimiter may
be missing; so every place where a label could stand is rated, and the best sequence in form order wins.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.importing.likeness import MIN_FUZZY, is_shortened, likeness, same_digits, skeleton
from assessments.importing.rows import SEAM
from assessments.importing.wording import LABEL_ENDINGS, LEADS, Element, PartWording

_TOKEN = re.compile(
    rf"(?P<dots>(?:\.{{3,}}|…)+)|(?P<line>\n)|(?P<seam>{SEAM})|(?P<word>(?:(?!\.{{3}}|…)[^\s{SEAM}])+)"
)

_SAME = 0.8
_MAX_WORDS, _MAX_BREAKS, _MAX_DOTS = 60, 3, 2
# A real part has some dozen places where a label could stand; more are not a form, and only cost time.
_MAX_PLACES, _MAX_CANDIDATES = 600, 300
# A label at dots, and one without a break behind it, is so much more, and less, likely.
_AT_DOTS, _IN_LINE = 60, 80
_OPENING_LETTERS = 800


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of dots, a line break, or a seam of the print; `letters` is the skeleton of a word."""

    kind: str
    start: int
    end: int
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A place where element `place` may be printed: tokens `first` to before `after`.

    rated: 1 without slips. form: the length of the wording it was read as. chained_before, chained_after:
    only possible directly behind, or before, another label.
    """

    place: int
    first: int
    after: int
    rated: float
    form: int
    weight: float
    chained_before: bool = False
    chained_after: bool = False


def tokens_of(text: str) -> list[Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "word"
        letters = skeleton(match[0]) if kind == "word" else ""
        tokens.append(Token(kind, match.start(), match.end(), letters))
    return tokens


def opening_likeness(wording: PartWording, text: str) -> float:
    """0..1: how well `text` begins with the words that the form prints before the first blank of the part."""
    tokens = tokens_of(text[:_OPENING_LETTERS])
    best = 0.0
    for letters, after in _runs(tokens, 0, max_dots=0, limit=_OPENING_LETTERS):
        ends = after == len(tokens) or tokens[after].kind != "word" or letters.endswith(LABEL_ENDINGS)
        for opening in wording.openings:
            if letters == opening:
                return 1.0
            if ends and len(opening) >= MIN_FUZZY:
                best = max(best, _rated(letters, opening))
    return best


def find_labels(wording: PartWording, tokens: Sequence[Token]) -> list[Label]:
    """The labels of the part in form order; those that are not printed are left out."""
    return _best_sequence(_Search(wording, tokens).candidates())


def _runs(tokens: Sequence[Token], first: int, *, max_dots: int, limit: float) -> Iterator[tuple[str, int]]:
    """The letters of every run of words from token `first` on that can be a label, and the token behind."""
    letters, dots, breaks = "", 0, 0
    for index in range(first, min(first + _MAX_WORDS, len(tokens))):
        token = tokens[index]
        if token.kind == "word":
            letters += token.letters
            if len(letters) > limit:
                return
            yield letters, index + 1
            continue
        dots += token.kind == "dots"
        breaks += token.kind == "line"
        if dots > max_dots or breaks > _MAX_BREAKS:
            return


def _rated(letters: str, wording: str) -> float:
    if not same_digits(letters, wording):
        return 0.0
    return _SAME if is_shortened(letters, wording) else likeness(letters, wording)


class _Search:
    """Every place of one part's text where one of its labels could stand."""

    def __init__(self, wording: PartWording, tokens: Sequence[Token]):
        self.wording = wording
        self.tokens = tokens
        self.limit = wording.longest * 1.3 + 6

    def candidates(self) -> list[Label]:
        found = list(self._after_missing_dots())
        behind_label: set[int] = set()
        places = 0
        for first, token in enumerate(self.tokens):
            if token.kind != "word" or (self._kind(first - 1) == "word" and first not in behind_label):
                continue
            places += 1
            if places > _MAX_PLACES:
                break
            for label in self._from(first):
                found.append(label)
                behind_label.add(label.after)
        likely = sorted(found, key=lambda label: -label.weight)[:_MAX_CANDIDATES]
        return sorted(_without_rivals(likely), key=lambda label: (label.first, label.after))

    def _kind(self, index: int) -> str:
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else "edge"

    def _from(self, first: int) -> Iterator[Label]:
        for letters, after in _runs(self.tokens, first, max_dots=_MAX_DOTS, limit=self.limit):
            closed = self._kind(after) != "word" or letters.endswith(LABEL_ENDINGS)
            for element in self.wording.elements:
                if element.place == 0 and first:
                    continue
                rated, form = _rate(element, letters, closed)
                label = self._label(element.place, first, after, letters, rated, form) if rated else None
                if label:
                    yield label

    def _label(
        self, place: int, first: int, after: int, letters: str, rated: float, form: int
    ) -> Label | None:
        behind_dots, at_dots = self._dots(first - 1, -1), self._dots(after, 1)
        if place == 1 and self.wording.part.prompt_th and behind_dots and not at_dots:
            # Behind an opening delimiter the words of the first label are the beginning of the answer.
            return None
        # Squared, so that a label with the beginning of its answer never outweighs the label alone; of two
        # ends with equal letters the later one, because a label may end with dots or a bracket.
        weight = rated * rated * (100 + form) + (after - first) / 100
        weight += _AT_DOTS * ((behind_dots or first == 0) + at_dots)
        chained_before = self._kind(first - 1) == "word"
        long = len(letters) >= MIN_FUZZY
        if self._kind(after) == "word":
            # A sentence could go on here; without slips it does not, behind a lead or a label of some length.
            weight -= _IN_LINE
            lead = place == 0 and letters in LEADS
            sure = (
                rated == 1.0 and not chained_before and (lead or (long and not (place == 1 and behind_dots)))
            )
            chained_after = not sure
        else:
            chained_after = bool(place) and not long and not at_dots and self._kind(after) != "edge"
        return Label(place, first, after, rated, form, weight, chained_before, chained_after)

    def _dots(self, index: int, step: int) -> bool:
        while self._kind(index) in ("line", "seam"):
            index += step
        return self._kind(index) == "dots"

    def _after_missing_dots(self) -> Iterator[Label]:
        """Labels in the middle of a line, before dots: the delimiter that closes the answer is missing."""
        words = [index for index, token in enumerate(self.tokens) if token.letters]
        starts, offset = [], 0
        for index in words:
            starts.append(offset)
            offset += len(self.tokens[index].letters)
        starts.append(offset)
        joined = "".join(self.tokens[index].letters for index in words)
        for element in self.wording.elements[2:]:
            for form in element.exact:
                found = joined.find(form) if len(form) >= MIN_FUZZY else -1
                while found >= 0:
                    begin, end = bisect_left(starts, found), bisect_left(starts, found + len(form))
                    if begin and starts[begin] == found and starts[end] == found + len(form):
                        first, after = words[begin], words[end - 1] + 1
                        if self._kind(after) == "dots":
                            yield Label(element.place, first, after, 1.0, len(form), _AT_DOTS + len(form))
                    found = joined.find(form, found + len(form))


def _rate(element: Element, letters: str, closed: bool) -> tuple[float, int]:
    """How well `letters` are this element, and the length of the wording that says so."""
    if letters in element.exact:
        return 1.0, len(letters)
    if len(letters) < MIN_FUZZY or not closed:
        return 0.0, 0
    rated, form = max(((_rated(letters, form), len(form)) for form in element.alike), default=(0.0, 0))
    return (rated, form) if rated >= _SAME else (0.0, 0)


def _without_rivals(labels: list[Label]) -> list[Label]:
    """Of two readings of one label, the better one.

    One with slips goes where the same wording stands inside it without any: the rest is a short answer. One
    without the bracket at its end goes where the bracket follows.
    """
    by_place: dict[int, list[Label]] = {}
    for label in labels:
        if not label.chained_after:
            by_place.setdefault(label.place, []).append(label)

    def is_rival(label: Label, other: Label) -> bool:
        inside = label.first <= other.first and other.after <= label.after
        swallows = label.rated < 1.0 and other.rated == 1.0 and inside and other.form >= label.form
        longer = other.first == label.first and other.after > label.after and other.form > label.form
        return swallows or (longer and label.place > 0)

    return [
        label
        for label in labels
        if not any(is_rival(label, other) for other in by_place.get(label.place, ()))
    ]


def _best_sequence(labels: list[Label]) -> list[Label]:
    """The heaviest sequence of labels that do not overlap, in form order."""
    best: list[tuple[float, int]] = []
    answer, answer_index = 0.0, -1
    for index, label in enumerate(labels):
        total, previous = (float("-inf"), -1) if label.chained_before else (0.0, -1)
        for earlier, other in enumerate(labels[:index]):
            if other.after > label.first or other.place >= label.place:
                continue
            if (other.chained_after or label.chained_before) and other.after != label.first:
                continue
            if best[earlier][0] > total:
                total, previous = best[earlier][0], earlier
        best.append((total + label.weight, previous))
        if not label.chained_after and best[index][0] > answer:
            answer, answer_index = best[index][0], index
    chosen = []
    while answer_index >= 0:
        chosen.append(labels[answer_index])
        answer_index = best[answer_index][1]
    return chosen[::-1]
