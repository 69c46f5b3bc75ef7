"""A text as its words. Thai writes none of them apart, so a dictionary has to find them. Pure: no Django.

For showing differences only: what is stored, counted or searched never depends on where a dictionary sees a word.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import cache

# Thai runs go to the dictionary. A figure with its separators is one word, so is a run of any other script;
# a line end and each ASCII sign stand alone. Together they match every character.
_RUN = re.compile(
    r"""(?x)
    (?P<thai> [\u0e01-\u0e3a\u0e40-\u0e4e]+ )
    | \d+ (?: [.,]\d+ )*
    | \n
    | [^\S\n]+
    | [!-/:-@\[-`{-~]
    | [^\s\d\u0e01-\u0e3a\u0e40-\u0e4e!-/:-@\[-`{-~]+
    """
)


@cache
def _segmenter() -> Callable[[str], list[str]]:
    """The dictionary of PyThaiNLP: read at the first difference, since it takes half a second and 80 MB of a process.

    It is part of the package; these two keep the package from the network and from the home folder.
    """
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from pythainlp.tokenize.newmm import segment  # noqa: PLC0415 (see above)

    return segment


def words(text: str) -> list[str]:
    """The words, spaces and signs of a text in order; joined they are the text again."""
    return list(_words(text))


def _words(text: str) -> Iterator[str]:
    for run in _RUN.finditer(text):
        if run["thai"]:
            yield from _segmenter()(run["thai"])
        else:
            yield run[0]
