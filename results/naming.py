"""Names in the language of the page: English where the edition, the ministry or the agency has one, else Thai.

Printed documents and files are the frozen sheet itself; only pages read it through `in_language`.
"""

from collections.abc import Mapping
from typing import Any

from assessments.presentation import language
from criteria.catalogue import frozen_tree
from criteria.structure import Edition
from results.payload import Payload


def names_of(tree: Edition | None) -> dict[str, str]:
    """Code -> English name of everything that has one; empty on a page in Thai."""
    if tree is None or language() != "en":
        return {}
    found = {}
    for category in tree.categories:
        found[category.code] = category.name_en
        for topic in category.topics:
            found[topic.code] = topic.name_en
            for item in topic.items:
                found[item.code] = item.title_en
                found |= {
                    f"{part.code}/{field.key}": field.label_en for part in item.parts for field in part.fields
                }
    return {code: name for code, name in found.items() if name}


def in_language(payload: Payload) -> Payload:
    """The payload with the names of this language; in Thai it is the payload itself.

    What is frozen has English names of categories 1 to 6 and their topics; the others come from the edition that the
    sheet names by code and checksum, so they are those of its day. A partial sheet lacks what its print lacked.
    """
    if language() != "en":
        return payload
    agency, edition = payload["agency"], payload["edition"]
    names = names_of(frozen_tree(edition["code"], edition["checksum"])) | _frozen(payload)
    feedback = payload.get("feedback") or {}
    return {
        **payload,
        "agency": {**agency, "name": agency.get("name_en") or agency["name"]},
        "edition": {**edition, "title": edition.get("title_en") or edition["title"]},
        "scores": {basis: _scored(side, names) for basis, side in payload["scores"].items()},
        "categories": [_category(category, names) for category in payload.get("categories") or ()],
        "indicators": [
            {**entry, "topic_name": names.get(entry["topic"], entry.get("topic_name", ""))}
            for entry in payload.get("indicators") or ()
        ],
        "feedback": {
            **feedback,
            "ofi": [
                {**entry, "name": names.get(entry["topic"], entry.get("name", ""))}
                for entry in feedback.get("ofi") or ()
            ],
        },
    }


def _frozen(payload: Payload) -> dict[str, str]:
    return {
        entry["code"]: entry["name_en"]
        for category in payload.get("categories") or ()
        for entry in (category, *category["topics"])
        if entry.get("name_en")
    }


def _scored(side: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    return side and {**side, "categories": [_entry(entry, names) for entry in side.get("categories") or ()]}


def _entry(scored: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A scored category with its topics, or one of them."""
    told = {**scored, "name": names.get(scored["code"], scored.get("name", ""))}
    if "topics" in scored:
        told["topics"] = [_entry(topic, names) for topic in scored["topics"]]
    return told


def _category(category: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    topics = [
        {
            **topic,
            "name": names.get(topic["code"], topic["name"]),
            "items": [_item(item, names) for item in topic["items"]],
        }
        for topic in category["topics"]
    ]
    return {**category, "name": names.get(category["code"], category["name"]), "topics": topics}


def _item(item: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    parts = [
        {
            **part,
            "fields": [
                {**field, "label": names.get(f"{part['code']}/{field['key']}", field["label"])}
                for field in part["fields"]
            ],
        }
        for part in item["parts"]
    ]
    return {**item, "title": names.get(item["code"], item["title"]), "parts": parts}
