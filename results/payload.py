"""What can be told from the payload of a result sheet alone (docs/result-sheet.md), without the database."""

from collections.abc import Iterable
from typing import Any

from assessments.snapshot import digest_of
from criteria import scoring
from criteria.structure import Edition, Topic

Payload = dict[str, Any]


def undecided(payload: Payload) -> list[str]:
    """Codes of the parts and indicators without an outcome, in form order."""
    judged = [*parts_of(payload), *payload["indicators"]]
    return [entry["code"] for entry in judged if entry["outcome"] is None]


def parts_of(payload: Payload) -> Iterable[dict[str, Any]]:
    """Every part of categories 1-6 in the payload, in form order."""
    return (
        part
        for category in payload["categories"]
        for topic in category["topics"]
        for item in topic["items"]
        for part in item["parts"]
    )


def content_digest(payload: Payload) -> str:
    """The digest of everything but the moment of publication: equal for two payloads that say the same."""
    return digest_of({key: value for key, value in payload.items() if key != "published_at"})


def rescore(payload: Payload, tree: Edition) -> Payload:
    """`scores` and `trees` as the present engine makes them of a stored payload; `tree` is its edition.

    Raises criteria.scoring.PolicyError for a policy that this release does not know.
    """
    stored = payload["policy"]
    policy = scoring.policy_from(stored["name"], stored["parameters"], version=stored["version"])
    parts = list(parts_of(payload))
    claims = {part["code"]: part["claim"] for part in parts if part["claim"]}
    verdicts = {part["code"]: part["outcome"] for part in parts if part["outcome"]}
    indicators = [
        scoring.Indicator(
            topic=entry["topic"],
            group=entry["group"],
            direction=entry["direction"],
            target=_exact(entry["target"]),
            results=[_exact(result) for result in entry["results"]],
            verdict=entry["outcome"],
        )
        for entry in payload["indicators"]
    ]
    claimed = scoring.claimed(tree, policy, claims, indicators)
    verified = scoring.verified(tree, policy, verdicts, indicators)
    return {
        "scores": {"claimed": side(claimed, tree), "verified": side(verified, tree)},
        "trees": {"claimed": scoring.explain(claimed), "verified": scoring.explain(verified)},
    }


def side(score: scoring.Score, tree: Edition) -> dict[str, Any]:
    """One side of `scores`: total, categories and topics of a claimed or a verified score."""
    names = {category.code: category.name_th for category in tree.categories}
    return {
        "total": scoring.display_score(score.total),
        "level": score.level,
        "categories": [
            {
                "code": category.code,
                "name": names[category.code],
                "score": scoring.display_score(category.score),
                "level": category.level,
                "topics": [_scored_topic(topic, tree.topics[topic.code]) for topic in category.topics],
            }
            for category in score.categories
        ],
    }


def _scored_topic(scored: scoring.TopicScore, topic: Topic) -> dict[str, Any]:
    shown = {
        "code": topic.code,
        "name": topic.name_th,
        "score": scoring.display_score(scored.score),
        "level": scored.level,
    }
    if scored.shares is None:
        return shown | {"shares": None, "indicators_counted": scored.indicators_counted}
    present = {level: share for level, share in scored.shares.items() if share is not None}
    return shown | {
        "shares": {level: scoring.fraction_text(share) for level, share in present.items()},
        "counts": {level: list(scored.counts[level]) for level in present},
    }


def _exact(text: str | None):
    return None if text is None else scoring.exact(text)
