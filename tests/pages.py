"""What a page says, for tests that read it."""

import re

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
_CLOCK = re.compile(r"เวลาของระบบ [^<]*")


def text_of(response) -> str:
    return response.content.decode()


def main_of(response) -> str:
    """What the page says, without the bar, the clock and the form tokens."""
    html = text_of(response)
    return _TOKEN.sub("", html[html.index("<main") : html.index("</main>")])


def timeless(response) -> str:
    """The whole page without what each request draws anew and each minute changes: two of them can be compared."""
    return _CLOCK.sub("", _TOKEN.sub("", text_of(response)))
