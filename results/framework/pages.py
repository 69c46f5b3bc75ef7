"""A KPI framework as its page shows it: groups, lines and figures as texts."""

from dataclasses import dataclass

from results.framework.models import KpiFramework
from results.framework.weights import GROUPS, Component, Framework, plain
from results.framework.words import base_names, count_words, group_words, kind_words, name_of


@dataclass(frozen=True)
class Row:
    component: Component

    @property
    def name(self) -> str:
        return name_of(self.component)

    @property
    def weight(self) -> str:
        return plain(self.component.weight)

    @property
    def count(self) -> str:
        return count_words(self.component)

    @property
    def bases(self) -> list[str]:
        names = base_names()
        return [names[base] for base in self.component.bases]


@dataclass(frozen=True)
class Group:
    name: str
    weight: str
    rows: tuple[Row, ...]


def groups_of(framework: Framework, base: str = "") -> list[Group]:
    """With one base only its components, and only groups that have some."""
    found = []
    for group in GROUPS:
        rows = tuple(Row(part) for part in framework.of_group(group) if not base or base in part.bases)
        if rows:
            found.append(Group(group_words(group), plain(framework.weight_of(group)), rows))
    return found


@dataclass(frozen=True)
class Shown:
    """One stored framework. `kinds`: whom it is for; `path`: its place in addresses."""

    stored: KpiFramework
    groups: list[Group]

    @property
    def kinds(self) -> str:
        return kind_words(self.stored.kind)

    @property
    def path(self) -> str:
        return path_of(self.stored.kind)


def path_of(kind: str) -> str:
    """A kind in addresses: "all" for every kind."""
    return kind or ALL


ALL = "all"
