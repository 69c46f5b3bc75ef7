"""Whether a text takes up what another one names. Pure: no Django."""

import re

from assessments.advice.passages import compact

# So many letters in common, spaces removed, are more than chance: about three words of Thai.
PHRASE = 12
# Of a fact that is told at length so many letters are looked for.
_MOST = 600
_BRACKETS = re.compile(r"\([^)]*\)")


class Told:
    """A text in which names are looked for; spaces, case and what stands in brackets behind a name do not count."""

    def __init__(self, text: str) -> None:
        self._text = compact(text).casefold()

    def names(self, name: str) -> bool:
        """Whether the whole name stands in the text."""
        forms = (name, _BRACKETS.sub("", name[:_MOST]))
        return any(form in self._text for form in map(_folded, forms) if form)

    def touches(self, name: str) -> bool:
        """Whether the name, or a phrase of it, stands in the text: for what is told in other words each time."""
        folded = _folded(name)[:_MOST]
        if len(folded) <= PHRASE:
            return self.names(name)
        return any(folded[at : at + PHRASE] in self._text for at in range(len(folded) - PHRASE + 1))


def _folded(name: str) -> str:
    return compact(name).casefold()
