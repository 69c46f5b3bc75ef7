import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from criteria.management.commands.score import edition_of
from tests.criteria import GOLDEN

ROOT = Path(__file__).parents[2]
PUBLISHED = GOLDEN / "scoring" / "published.json"
BAD = GOLDEN / "scoring" / "bad.json"


def run(*arguments, stdin=b""):
    """The command as it is typed, with a database that does not exist."""
    return subprocess.run(
        [sys.executable, "manage.py", "score", *arguments],
        cwd=ROOT,
        check=False,
        input=stdin,
        capture_output=True,
        timeout=60,
        env=os.environ | {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere", "LC_ALL": "C"},
    )


def test_it_prints_the_document_without_a_database():
    done = run(str(PUBLISHED))

    assert (done.returncode, done.stderr) == (0, b"")
    expected = (GOLDEN / "scoring" / "published.expected.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout.decode("utf-8")) == json.loads(expected)


def test_a_dash_reads_standard_input_and_the_option_beats_the_document():
    done = run("-", "--policy", "ladder", stdin=PUBLISHED.read_bytes())

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["policy"] == "ladder"


def test_bad_input_ends_with_2_one_line_per_error_and_nothing_on_standard_output():
    done = run(str(BAD))

    assert (done.returncode, done.stdout) == (2, b"")
    lines = done.stderr.decode("utf-8").removeprefix("CommandError: ").splitlines()
    assert lines == (GOLDEN / "scoring" / "bad.errors.txt").read_text(encoding="utf-8").splitlines()


def test_an_unknown_policy_and_no_input_end_with_2():
    for arguments in ((str(PUBLISHED), "--policy", "best"), ()):
        done = run(*arguments)

        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe{}", b"\x80"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path, content):
    path = tmp_path / "input.json"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="not UTF-8") as caught:
        call_command("score", str(path))
    assert caught.value.returncode == 2


@pytest.mark.parametrize("name", ["absent.json", "", "a\0b"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(CommandError) as caught:
        call_command("score", str(tmp_path / name))
    assert caught.value.returncode == 2
    assert len(str(caught.value).splitlines()) == 1


def test_an_edition_code_is_never_a_path():
    assert edition_of("pmqa40-2565").code == "pmqa40-2565"
    assert edition_of("../criteria/pmqa40-2565") is None
    assert edition_of("") is None
