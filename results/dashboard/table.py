"""One table of a dashboard: the same rows for the page, its chart and its file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.scoring import display_percent, display_score
from results.dashboard.suppression import LEAST

NOTHING = "–"
UNTOLD = gettext_lazy("ไม่แสดง")


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` begin with the name. `is_untold`: the figures are not told; `is_small`: told, of less than five."""

    cells: tuple[str, ...]
    is_untold: bool = False
    is_small: bool = False


@dataclass(frozen=True)
class Table:
    """`heads` name the columns; all but the first `texts` columns are numbers."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: SafeString = field(default_factory=lambda: mark_safe(""))
    note: str = ""
    texts: int = 1
    # The page with all of it, where this is only its beginning.
    more: str = ""
    # What of the criteria it is about, in words; "" for all of it.
    about: str = ""
    # What it comes to, in a sentence; "" where nothing stands out.
    finding: str = ""
    # What its chart measures, and of how many agencies.
    unit: str = ""
    # Whether claimed points stand beside the verified ones, which a key explains.
    has_own: bool = False

    @property
    def untold(self) -> int:
        """How many rows are not told."""
        return sum(row.is_untold for row in self.rows)

    @property
    def has_small(self) -> bool:
        return any(row.is_small for row in self.rows)


def told(*cells: str, of: int) -> Row:
    """A row of figures about `of` agencies."""
    return Row(cells, is_small=0 < of < LEAST)


def untold(*names: str, figures: int) -> Row:
    """A row that has only its names."""
    return Row((*names, *[str(UNTOLD)] * figures), is_untold=True)


def drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (our own SVG, escaped where it is made)


def points(value: Fraction | None) -> str:
    """Two decimals; an en dash where there is none."""
    return NOTHING if value is None else display_score(value)


def signed(value: Fraction | None) -> str:
    """With its sign: "−95.49", "+3.00", "0.00"."""
    if value is None:
        return NOTHING
    text = display_score(abs(value))
    if text == "0.00":
        return text
    return f"{'−' if value < 0 else '+'}{text}"


def share(part: int, whole: int) -> str:
    """A percentage with one decimal and without the sign; an en dash of nothing."""
    return display_percent(Fraction(100 * part, whole)) if whole else NOTHING


def number(value: Fraction | None) -> float | None:
    """For drawing."""
    return None if value is None else float(value)


def described(names: Sequence[str], figures: Sequence[str]) -> str:
    """The sentence that a chart is read as: "กลุ่ม 1 12, กลุ่ม 2 8"."""
    return ", ".join(f"{name} {figure}" for name, figure in zip(names, figures, strict=True)) or _("ไม่มีข้อมูล")
