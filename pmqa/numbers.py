"""A whole number as an address, a form or a file writes it."""

# No key, version or page has more; of thousands of digits Python refuses to make a number.
MOST_DIGITS = 18


def whole(text: str | None) -> int | None:
    """The number; None where there is none, or one that nothing here can have. Thai digits are digits."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else None


def posted_version(text: str | None) -> int:
    """The version that somebody had before them; -1, which is always stale, where it is missing."""
    number = whole(text)
    return -1 if number is None else number
