"""Finding a place in an edition by its words. Pure: no Django.

Thai is written without spaces between words and people put them where they like, so spaces do not count;
neither do upper and lower case. Every word of the query must stand in one text.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from criteria.structure import LEVELS, PROFILE, Edition, Topic
from pmqa.text import normalise

LIMIT = 60
# Vowels and marks that belong to the letter before them.
_FOLLOWERS = "ะัาำิีึืฺุูๅ็่้๊๋์ํ๎"
# Characters of context on each side of the first hit.
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that holds the query. `place` is the code it belongs to, `shown` what people call that place.

    Kinds: topic, item, part, hint, level, guidance, definition, example, revision, variant.
    """

    kind: str
    topic: Topic
    place: str
    before: str
    found: str
    after: str
    shown: str


def _texts(edition: Edition) -> Iterator[tuple[str, Topic, str, str]]:
    for category in edition.categories:
        if category.kind == PROFILE:
            continue
        for topic in category.topics:
            yield "topic", topic, topic.code, topic.name_th
            yield "topic", topic, topic.code, topic.name_en
            for item in topic.items:
                yield "item", topic, item.code, item.title_th
                yield "item", topic, item.code, item.title_en
                yield "item", topic, item.code, item.description_th
                yield "hint", topic, item.code, item.hint_th
                for part in item.parts:
                    labels = " ".join(
                        words
                        for blank in part.fields
                        for words in (blank.label_th, *blank.columns, *blank.rows)
                    )
                    yield "part", topic, part.code, f"{part.prompt_th} {labels}"
            guide = topic.guide
            for code, wording in guide.variants:
                yield "variant", topic, code, wording
            for level in LEVELS:
                yield "level", topic, topic.code, guide.levels.get(level, "")
                for line in guide.guidance.get(level, ()):
                    yield "guidance", topic, topic.code, line
                for line in guide.revision.get(level, ()):
                    yield "revision", topic, topic.code, line
            for term, meaning in guide.definitions:
                yield "definition", topic, topic.code, f"{term} {meaning}"
            for example in guide.examples:
                yield "example", topic, topic.code, example


def _letter_start(text: str, place: int) -> int:
    """The first place from `place` on that does not tear a Thai syllable's marks from their letter."""
    while 0 < place < len(text) and text[place] in _FOLLOWERS:
        place += 1
    return place


def _packed(text: str) -> tuple[str, list[int]]:
    """The text without spaces, in lower case, and where each of its characters stood."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[place].casefold()[:1] for place in places), places


def search(edition: Edition, query: str) -> list[Hit]:
    """At most LIMIT texts that hold every word of `query`, in the order of the edition; codes are found too."""
    words = [_packed(word)[0] for word in normalise(query).split()]
    if not words:
        return []
    numbers = {item.code: item.shown for _, _, item in edition.place_of_item.values()}
    numbers |= {code: part.shown for code, part in edition.parts.items()}
    hits = []
    for kind, topic, place, text in _texts(edition):
        packed, places = _packed(text)
        if not packed:
            continue
        shown = numbers.get(place, place)
        exact_code = kind in ("topic", "item", "part") and words in ([place.casefold()], [shown])
        if not exact_code and not all(word in packed for word in words):
            continue
        if exact_code:
            start = end = 0
        else:
            at = packed.index(words[0])
            start, end = places[at], places[at + len(words[0]) - 1] + 1
        begin = _letter_start(text, max(0, start - CONTEXT))
        stop = _letter_start(text, min(len(text), end + 2 * CONTEXT))
        hits.append(
            Hit(
                kind=kind,
                topic=topic,
                place=place,
                before=("…" if begin else "") + text[begin:start],
                found=text[start:end],
                after=text[end:stop] + ("…" if stop < len(text) else ""),
                shown=shown,
            )
        )
        if len(hits) == LIMIT:
            break
    return hits
