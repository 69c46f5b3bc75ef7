"""Measurements: `make bench`. Each compares two ways in one run and prints the ratio; absolute times are the machine's.

The figures in the README and in notes come from here, with the machine and its load written beside them.
"""

import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django

from bench.dashboards import dashboards
from bench.texts import LIMITS, full

ROUNDS = 5


def seconds(work: Callable[[], object], *, clock: Callable[[], float] = time.process_time) -> float:
    """Median CPU seconds of ROUNDS runs after one that does not count; `clock` may be another."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def compare(name: str, ours: Callable[[], object], other_name: str, other: Callable[[], object]) -> None:
    """Print what `ours` takes, what `other` takes, and how they stand to each other."""
    mine, theirs = seconds(ours), seconds(other)
    print(f"{name}: {mine * 1000:.1f} ms; {other_name}: {theirs * 1000:.1f} ms; ratio {mine / theirs:.2f}")


def findings(edition) -> None:
    """A whole assessment of invented answers, three times as long as the demonstration's, against one of its parts:
    below a second the one, below 30 ms the other, on any machine that this runs on."""
    from random import Random

    from assessments.advice.parts import find
    from assessments.progress import PartState
    from results.demo import content

    theme, rng = content.theme_of(1), Random(2565)
    states = {
        part.code: PartState(
            "done", {key: text * 3 for key, text in content.part_values(part, theme, rng, 2570).items()}
        )
        for part in edition.process_parts
    }
    for part in edition.profile_parts:
        (blank,) = part.fields
        states[part.code] = PartState("", {blank.key: content.profile_value(blank, theme, rng, 2570)})
    indicators = {
        f"{group.code}.1": content.indicator_figures(group.code, theme, rng)["name"]
        for group in edition.groups
    }
    for part in ("1.1.1.1", "5.4.2.2"):
        compare(
            "findings of a whole assessment",
            lambda: find(edition, states, year=2570, indicators=indicators),
            f"those of {part}",
            lambda part=part: find(edition, states, year=2570, indicators=indicators, only=(part,)),
        )


def differences() -> None:
    """The difference of two texts at the limit of a blank, hard ones too, against cutting one of them into words."""
    from assessments.texts.differing import difference
    from assessments.texts.words import words

    for name, before, after in LIMITS:
        compare(
            f"difference of two answers at the limit, {name}",
            partial(difference, full(before), full(after)),
            "words of one of them",
            partial(words, full(before)),
        )


def teams() -> None:
    """Teams for 300 cases from 60 people, against a look at every pair of case and person."""
    from random import Random

    from reviews.proposing import Case, Person, propose

    rng, codes = Random(2565), "1234567"
    cases = [
        Case(
            key,
            key,
            {code: rng.randint(15, 30) for code in codes},
            {code: rng.randint(500, 5000) for code in codes},
        )
        for key in range(300)
    ]
    people = [
        Person(
            key,
            frozenset(rng.sample(codes, rng.choice([0, 0, 4, 5]))),
            can_lead=key % 3 == 0,
            barred=frozenset(rng.sample(range(300), 20)),
        )
        for key in range(60)
    ]
    compare(
        "teams for 300 cases from 60 reviewers",
        lambda: propose(cases, people, at_least=2, lead_marks=False, seed=1),
        "a look at each pair",
        lambda: [
            (case.key, person.key) for case in cases for person in people if case.agency not in person.barred
        ],
    )


def exports(payload: dict) -> None:
    """All tables of 300 results, one of them in memory at a time: seconds, size, and how much memory that took more."""
    from results.exporting import writing
    from results.exporting.dictionary import TABLES
    from results.exporting.rows import Frozen

    for form in (writing.CSV, writing.JSON, writing.XLSX):
        results = (Frozen(payload, number, "0" * 64) for number in range(300))
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        with tempfile.TemporaryFile() as file:
            writing.write(file, form, TABLES, results, about={})
            size = file.tell()
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(
            f"300 results as {form}: {time.process_time() - start:.1f} s, "
            f"{size / 1024 / 1024:.1f} MB, {more / 1024:.0f} MB more of memory"
        )


def queue() -> None:
    """The list of a reviewer of 300 cases against that of 31: ten times the rows, in as many queries."""
    from bench.queue import queues

    with queues(31, 300) as (many, few):
        compare("queue of 300 cases", many, "of 31", few)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmqa.settings")
    django.setup()
    from assessments.importing import read_prints
    from criteria import scoring
    from criteria.reader import read_edition
    from results.documents.feedback_report import render_pdf
    from tests.results import payloads

    root = Path(__file__).resolve().parent.parent
    folder = root / "fixtures" / "criteria" / "pmqa40-2565"
    edition = read_edition(folder)
    policy = scoring.policy_from(scoring.DEFAULT_POLICY)
    done = {part.code: "done" for part in edition.process_parts}
    one = next(iter(edition.topics.values()))
    prints = [
        (name, (root / "tests" / "prints" / name).read_text(encoding="utf-8"))
        for name in ("form3-invented.txt", "form4-invented.txt")
    ]
    payload = payloads.payload()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()}"
    )
    compare(
        "score of a whole assessment",
        lambda: scoring.claimed(edition, policy, done, []),
        "score of one topic",
        lambda: scoring.topic_claimed(one, policy, done),
    )
    score = scoring.claimed(edition, policy, done, [])
    compare(
        "explanation of a score",
        lambda: scoring.explain(score),
        "the score itself",
        lambda: scoring.claimed(edition, policy, done, []),
    )
    compare(
        "reading both printed forms",
        lambda: read_prints(edition, policy, prints),
        "reading the criteria",
        lambda: read_edition(folder),
    )
    compare(
        "feedback report",
        lambda: render_pdf(payload),
        "its payload as JSON",
        lambda: json.dumps(payload, ensure_ascii=False),
    )
    findings(edition)
    teams()
    differences()
    exports(payload)
    queue()
    dashboards()
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
