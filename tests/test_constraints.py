"""Words that a field knows are known to its table too, whoever writes: a form, a service, a command, or SQL."""

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Field, Model, Q


def named(condition: Q) -> set[str]:
    """The fields of which a condition speaks, however deep."""
    found = set()
    for child in condition.children:
        found |= named(child) if isinstance(child, Q) else {child[0].partition("__")[0]}
    return found


def checked(model: type[Model]) -> set[str]:
    rules = [rule for rule in model._meta.constraints if isinstance(rule, CheckConstraint)]
    return set().union(*(named(rule.condition) for rule in rules))


def chosen(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.local_fields if field.choices]


@pytest.mark.parametrize("app", ["accounts", "jobs", "criteria", "assessments", "reviews", "results"])
def test_a_field_with_choices_is_checked_by_its_table(app):
    models = list(apps.get_app_config(app).get_models())
    open_fields = [f"{m.__name__}.{f.name}" for m in models for f in chosen(m) if f.name not in checked(m)]
    assert open_fields == []


def test_the_walk_finds_fields_with_choices():
    assert {field.name for field in chosen(apps.get_model("accounts", "Membership"))} == {"role"}
