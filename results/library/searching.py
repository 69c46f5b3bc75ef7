"""How entries are found by words. Pure: no Django.

Thai is written without spaces and people put them where they like, so neither spaces nor capitals count; every word of
the question must stand in the entry. Both sides are made alike here, so that one LIKE answers on every database.
"""

from pmqa.text import normalise

# Of a question; what is longer is cut, for it finds nothing anyway.
LONGEST = 100
MOST_WORDS = 6


def searchable(*texts: str) -> str:
    """The texts as they are searched, one after the other; no word reaches over their ends."""
    return "\n".join(_plain(text) for text in texts)


def terms_of(question: str) -> list[str]:
    return [_plain(word) for word in question[:LONGEST].split()[:MOST_WORDS]]


def _plain(text: str) -> str:
    return "".join(normalise(text).casefold().split())
