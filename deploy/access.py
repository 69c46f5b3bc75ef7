"""The log of requests, without what open pages say by themselves twice a minute."""

from typing import Any

from gunicorn.glogging import Logger

BEATS = "/presence/"


class AccessLogger(Logger):
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """One line, unless it is a heartbeat that went well."""
        if not (environ.get("PATH_INFO", "").endswith(BEATS) and str(resp.status).startswith("200")):
            super().access(resp, req, environ, request_time)
