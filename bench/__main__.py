"""Measurements: `make bench`. Each compares two ways in one run and prints the ratio; absolute times are the machine's.

The figures in the README and in notes come from here, with the machine and its load written beside them.
"""

import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import django

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    """Median CPU seconds of ROUNDS runs after one that does not count."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def compare(name: str, ours: Callable[[], object], other_name: str, other: Callable[[], object]) -> None:
    """Print what `ours` takes, what `other` takes, and how they stand to each other."""
    mine, theirs = seconds(ours), seconds(other)
    print(f"{name}: {mine * 1000:.1f} ms; {other_name}: {theirs * 1000:.1f} ms; ratio {mine / theirs:.2f}")


def findings(edition) -> None:
    """A whole assessment of invented answers, as long as those of a real print, against one of its parts."""
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
    compare(
        "findings of a whole assessment",
        lambda: find(edition, states, year=2570),
        "those of one part",
        lambda: find(edition, states, year=2570, only=("1.1.1.1",)),
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


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmqa.settings")
    django.setup()
    from assessments.texts.differing import difference
    from assessments.texts.words import words
    from criteria import scoring
    from criteria.fields import MAX_LENGTH
    from criteria.reader import read_edition
    from results.report import render_pdf
    from reviews.importing import read_prints
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
    written, rewritten = (
        (sentence * MAX_LENGTH)[:MAX_LENGTH]
        for sentence in (
            "ส่วนราชการมีการบริหารจัดการข้อมูลด้วยระบบดิจิทัลทั้งองค์กร ",
            "หน่วยงานพัฒนากระบวนการให้บริการร่วมกับภาคีเครือข่าย ",
        )
    )
    compare(
        "difference of two answers at the limit",
        lambda: difference(written, rewritten),
        "words of one of them",
        lambda: words(written),
    )
    compare(
        "difference of 20,000 single signs",
        lambda: difference("!?" * 10_000, "?!" * 10_000),
        "of two answers at the limit",
        lambda: difference(written, rewritten),
    )
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
