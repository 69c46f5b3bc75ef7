"""What is frozen at submission: everything the agency said, under the codes of the edition."""

import hashlib
import json
from typing import Any

from assessments.applications import application_of
from assessments.models import Answer, Assessment, Citation
from assessments.reading import Answers, indicator_code, policy_of, tree_of
from criteria.fields import plain_number

# 2: "evidence", the versions of the register's entries that the answers cite. Copies of schema 1 have no such key.
# 3: "application", what Form 1 says; null where none was written. Copies of schema 1 and 2 have no such key.
SCHEMA = 3


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
        "application": _application(assessment),
        "parts": {
            code: {"claim": answers.parts[code].claim, "values": answers.parts[code].values}
            for code in sorted(answers.parts, key=order.__getitem__)
        },
        "indicators": [
            _indicator(answer, indicator_code(group, position))
            for group in sorted(answers.indicators, key=order.__getitem__)
            for position, answer in enumerate(answers.indicators[group], start=1)
        ],
        "evidence": _evidence(assessment, answers),
    }


def _application(assessment: Assessment) -> dict[str, Any] | None:
    """Form 1 as it is written; no query where the assessment comes with its places."""
    found = application_of(assessment)
    return found and {
        "award": found.award,
        "categories": found.categories,
        "contact": {
            "name": found.contact_name,
            "position": found.contact_position,
            "phone": found.contact_phone,
            "mail": found.contact_mail,
        },
        "remarks": found.remarks,
    }


def _evidence(assessment: Assessment, answers: Answers) -> list[dict[str, Any]]:
    """The version in use of every cited entry, by number, with the codes of the answers that cite it. One query."""
    codes = answers.codes
    order = {code: place for place, code in enumerate(codes.values())}
    rows = Citation.objects.filter(
        evidence__assessment=assessment,
        answer__in=list(codes),
        evidence__versions__is_latest=True,
        evidence__versions__withdrawn_at=None,
    )
    found: dict[int, dict[str, Any]] = {}
    for answer, effective_on, *values in rows.order_by("evidence__number").values_list(
        "answer", "evidence__effective_on", *(path for _key, path in _FROZEN)
    ):
        entry = dict(zip((key for key, _path in _FROZEN), values, strict=True))
        entry |= {"effective_on": effective_on and effective_on.isoformat(), "cited_by": []}
        found.setdefault(entry["number"], entry)["cited_by"].append(codes[answer])
    for entry in found.values():
        entry["cited_by"].sort(key=order.__getitem__)
    return list(found.values())


_FROZEN = (
    ("number", "evidence__number"),
    ("version", "evidence__versions__number"),
    ("kind", "evidence__kind"),
    ("title", "evidence__title"),
    ("source_system", "evidence__source_system"),
    ("reference", "evidence__reference"),
    ("name", "evidence__versions__name"),
    ("size", "evidence__versions__size"),
    ("sha256", "evidence__versions__sha256"),
    ("url", "evidence__versions__url"),
)


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
