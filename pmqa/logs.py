"""Log lines that user text cannot forge."""

import logging


class OneLineFormatter(logging.Formatter):
    """One record, one line: line breaks in messages are shown as \\n, so that no text can start a new entry."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is logging's)
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
