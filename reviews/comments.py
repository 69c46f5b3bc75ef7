"""What counts as a comment, and which parts a text refers to. Pure: no Django."""

import re
import unicodedata
from collections.abc import Collection

# Letters, the marks written on them, and digits, by their Unicode category.
_WRITING = frozenset("LMN")
# A code of the form: 1.4.1 or 1.4.1.1, and not the middle of a longer number such as 1.4.1.1.2 or 12.4.1.
_CODE = re.compile(r"(?<![A-Za-z0-9.])\d\.\d\.\d(?:\.\d)?(?!\.?\d)")


def is_comment(text: str) -> bool:
    """Whether `text` says anything: "....", spaces and bullets alone tell nobody what to mend."""
    return sum(unicodedata.category(character)[0] in _WRITING for character in text) >= 2


def as_code(typed: str) -> str:
    """The code that somebody means: Thai digits, spaces and missing dots are forgiven; "141" is 1.4.1."""
    plain = "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign
        for sign in "".join(typed.split()).strip(".")
    )
    return ".".join(plain) if plain.isdigit() else plain


def references(text: str, known: Collection[str]) -> list[str]:
    """The codes of `known` that `text` mentions, each once, in the order of the text."""
    return list(dict.fromkeys(code for code in _CODE.findall(text) if code in known))


def split_at_codes(text: str, known: Collection[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is a code of `known`; joined again they are `text`."""
    pieces, end = [], 0
    for match in _CODE.finditer(text):
        if match[0] not in known:
            continue
        pieces += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]
