"""What the environment makes of the one settings module, read by a process of its own."""

import json
import os
import subprocess
import sys

import pytest

PRODUCTION = {"PMQA_ENV": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "pmqa.example.org"}
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY_FILE", "MFA_POLICY", "DEMO", "EMAIL_URL", "PUBLIC_URL")


def settings(tmp_path, **environ) -> subprocess.CompletedProcess:
    told = "{name: value for name, value in vars(pmqa.settings).items() if name.isupper()}"
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "-c", f"import json, pmqa.settings; print(json.dumps({told}, default=str))"],
        env=clean | {"PMQA_VAR": str(tmp_path / "var")} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_in_production_every_cookie_asks_for_https(tmp_path):
    found = json.loads(settings(tmp_path, **PRODUCTION).stdout)
    asked = {name: found.get(f"{name}_COOKIE_SECURE") for name in ("SESSION", "CSRF", "LANGUAGE")}
    assert asked == dict.fromkeys(asked, True)
    assert (found["DEBUG"], found["DEMO"], found["MFA_POLICY"]) == (False, False, "all")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY or SECRET_KEY_FILE."),
        ({"MFA_POLICY": "off"}, "MFA_POLICY off is refused in production."),
        ({"PMQA_ENV": "staging"}, "PMQA_ENV must be embedded or production"),
        ({"PUBLIC_URL": "pmqa.example.org"}, "PUBLIC_URL must begin with http:// or https://"),
    ],
)
def test_what_would_be_unsafe_is_refused_by_name(tmp_path, changed, sentence):
    refused = settings(tmp_path, **PRODUCTION | changed)
    assert refused.returncode == 1
    assert sentence in refused.stderr
