"""What is frozen at submission: everything the agency said, under the codes of the edition."""

import hashlib
import json
from typing import Any

from assessments.models import Answer, Assessment
from assessments.reading import Answers, indicator_code, policy_of, tree_of
from criteria.fields import plain_number

SCHEMA = 1


def canonical(content: Any) -> bytes:
    """One byte sequence for one content: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def build(assessment: Assessment, answers: Answers) -> dict[str, Any]:
    """The content of a Submission; the same answers give the same digest, whoever submits them and when."""
    tree = tree_of(assessment)
    order = {code: place for place, code in enumerate(tree.parts)}
    return {
        "schema": SCHEMA,
        "agency": {"code": assessment.agency.code, "name": assessment.agency.name},
        "cycle": {"year": assessment.cycle.year, "name": assessment.cycle.name},
        "edition": {"code": tree.code, "checksum": tree.checksum},
        "policy": policy_of(assessment).as_dict(),
        "parts": {
            code: {"claim": answers.parts[code].claim, "values": answers.parts[code].values}
            for code in sorted(answers.parts, key=order.__getitem__)
        },
        "indicators": [
            _indicator(answer, indicator_code(group, position))
            for group in sorted(answers.indicators, key=order.__getitem__)
            for position, answer in enumerate(answers.indicators[group], start=1)
        ],
    }


def _indicator(answer: Answer, code: str) -> dict[str, Any]:
    indicator = answer.indicator
    return {
        "code": code,
        "group": answer.part.code,
        "name": indicator.name,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "target": _number(indicator.target),
        "results": [_number(result) for result in indicator.results],
        "target_basis": indicator.target_basis,
        "peer_name": indicator.peer_name,
        "peer_result": _number(indicator.peer_result),
    }


def _number(value) -> str | None:
    return None if value is None else plain_number(value)
