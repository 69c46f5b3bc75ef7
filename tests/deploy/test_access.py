"""Heartbeats of open pages do not fill the log of requests; what goes wrong with them does."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from deploy.access import AccessLogger


@pytest.mark.parametrize(
    ("path", "status", "lines"),
    [
        ("/assessments/7/topics/1.1/presence/", "200 OK", 0),
        ("/assessments/7/topics/1.1/presence/", "403 Forbidden", 1),
        ("/assessments/7/1.1/", "200 OK", 1),
    ],
)
def test_a_heartbeat_leaves_no_line(path, status, lines, caplog):
    config = Config()
    config.set("accesslog", "-")
    config.set("access_log_format", "%(U)s %(s)s")
    logger = AccessLogger(config)
    logger.access_log.addHandler(caplog.handler)
    logger.access_log.setLevel(logging.INFO)
    response = SimpleNamespace(status=status, status_code=status[:3], sent=0, headers=[])
    request = SimpleNamespace(headers=[])
    environ = {"PATH_INFO": path, "RAW_URI": path, "REQUEST_METHOD": "POST", "SERVER_PROTOCOL": "HTTP/1.1"}
    try:
        logger.access(response, request, environ, timedelta(milliseconds=9))
    finally:
        logger.access_log.removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.records] == [f"{path} {status[:3]}"] * lines
