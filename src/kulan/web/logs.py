"""Log lines: one per event, as text for a person or as JSON for a collector.

Lines never hold coordinates, file names or contents that people gave: a log outlives the secrecy of
what it tells.
"""

import json
import logging
from datetime import UTC, datetime

from kulan.web import environment as env

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


class JsonLines(logging.Formatter):
    """A log record as one line of JSON: time, level, logger, message, and what was added to it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def formatter() -> logging.Formatter:
    """Return the formatter that KULAN_LOG_FORMAT asks for: ``text`` (default) or ``json``."""
    if env.text("KULAN_LOG_FORMAT", "text") == "json":
        return JsonLines()
    return logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
