"""The house rules of docs/architecture.md, read from the syntax trees."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LEAVES = {
    "pmqa.addresses",
    "pmqa.attempts",
    "pmqa.back",
    "pmqa.cells",
    "pmqa.errors",
    "pmqa.files",
    "pmqa.logs",
    "pmqa.numbers",
    "pmqa.names",
    "pmqa.pdf",
    "pmqa.qr",
    "pmqa.seal",
    "pmqa.templatetags",
    "pmqa.text",
    "pmqa.thai",
    "pmqa.theme",
    "pmqa.reopened",
    "pmqa.typed",
    "pmqa.versioning",
    "pmqa.views",
    "pmqa.working_days",
}
GROUND = {"pmqa.accounts", "pmqa.jobs"}
# Wire everything, so they may import anything; nobody imports them.
WIRING = {"pmqa.urls", "pmqa.settings", "pmqa.navigation", "pmqa.wsgi", "pmqa.celery", "pmqa"}

MAY_IMPORT = {
    "pmqa.accounts": LEAVES,
    "pmqa.jobs": LEAVES | {"pmqa.accounts"},
    "criteria": LEAVES | GROUND,
    "assessments": LEAVES | GROUND | {"criteria"},
    "reviews": LEAVES | GROUND | {"criteria", "assessments"},
    "results": LEAVES | GROUND | {"criteria", "assessments", "reviews"},
    **dict.fromkeys(LEAVES, LEAVES),
}

# Plain data in, plain data out: these know neither Django nor the database.
PURE = [
    "criteria/structure.py",
    "criteria/reader.py",
    "criteria/pillars.py",
    "criteria/roadmap.py",
    "criteria/application_report.py",
    "criteria/fields.py",
    "criteria/scoring",
    "assessments/files/poppler.py",
    "assessments/files/types.py",
    "assessments/progress.py",
    "assessments/advice/indicators.py",
    "assessments/advice/parts.py",
    "assessments/advice/passages.py",
    "assessments/advice/compound.py",
    "assessments/advice/mentions.py",
    "assessments/advice/sight.py",
    "assessments/advice/spelling.py",
    "assessments/advice/years.py",
    "assessments/texts/differing.py",
    "assessments/texts/words.py",
    "assessments/pages/spark.py",
    "assessments/files/virus_scan.py",
    "assessments/files/packages.py",
    "assessments/workbook/formulas.py",
    "assessments/workbook/layout.py",
    "assessments/workbook/reading.py",
    "assessments/workbook/styles.py",
    "assessments/workbook/words.py",
    "assessments/workbook/writing.py",
    "reviews/comments.py",
    "reviews/composing.py",
    "reviews/proposing.py",
    "reviews/sampling.py",
    "reviews/size.py",
    "reviews/drafting.py",
    "reviews/stakes.py",
    "reviews/tone.py",
    "reviews/weighing.py",
    "assessments/importing",
    "results/charts.py",
    "results/application_report/facts.py",
    "results/application_report/sections.py",
    "results/stage_two/showing.py",
    "results/dashboard/by_score.py",
    "results/dashboard/drawing.py",
    "results/dashboard/extracting.py",
    "results/dashboard/subject.py",
    "results/dashboard/suppression.py",
    "results/leaning.py",
    "results/exporting/dictionary.py",
    "results/gauge.py",
    "results/exporting/packing.py",
    "results/exporting/rows.py",
    "results/exporting/writing.py",
    "results/framework/weights.py",
    "results/improvement/months.py",
    "results/improvement/observing.py",
    "results/library/highlights.py",
    "results/library/searching.py",
    "results/standing/drawing.py",
    "results/standing/gains.py",
    "results/standing/groups.py",
    "results/standing/marks.py",
    "results/standing/targets.py",
    "results/standing/what_if.py",
    "pmqa/cells.py",
    "pmqa/qr.py",
    "pmqa/text.py",
    "pmqa/thai.py",
    "pmqa/working_days.py",
]

# The services that may move an assessment; each checks its own guards first.
MOVERS = {
    "assessments/services/checking.py",
    "assessments/services/submission.py",
    "reviews/services/withdrawing.py",
    "reviews/services/assigning.py",
    "reviews/services/consensus.py",
    "reviews/services/appeals.py",
    "results/releasing.py",
    "results/publishing.py",
    # Invented assessments are moved as the services above do, dated in their story.
    "results/demo/road.py",
}

# What these print carries a seal: tests/results/test_seals.py walks over all of it, and over what a new one prints.
PRINTERS = {
    "assessments/paper/printing.py",
    "results/documents/deck.py",
    "results/documents/feedback_report.py",
    "results/documents/minister.py",
    "results/improvement/printing.py",
    "results/application_report/printing.py",
}


@cache
def modules() -> dict[str, ast.Module]:
    files = [
        path
        for top in ("pmqa", "criteria", "assessments", "reviews", "results")
        for path in sorted((ROOT / top).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def imports(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def unit_of(dotted: str) -> str | None:
    """The app or leaf that a dotted name belongs to; None for other people's packages."""
    top = dotted.split(".", maxsplit=1)[0]
    if top in ("criteria", "assessments", "reviews", "results"):
        return top
    if top == "pmqa":
        return ".".join(dotted.split(".")[:2])
    return None


def test_imports_point_in_one_direction():
    wrong = []
    for file, tree in modules().items():
        unit = unit_of(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        if unit in WIRING:
            continue
        allowed = MAY_IMPORT[unit] | {unit}
        wrong += [
            f"{file} imports {name}"
            for name in imports(tree)
            if unit_of(name) is not None and unit_of(name) not in allowed
        ]
    assert wrong == []


@pytest.mark.parametrize("place", PURE)
def test_pure_modules_know_no_django(place):
    chosen = [tree for file, tree in modules().items() if file == place or file.startswith(f"{place}/")]
    assert chosen, f"{place} has moved: name its new place here"
    for tree in chosen:
        assert [name for name in imports(tree) if name.split(".")[0] == "django"] == []


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) == name or getattr(node.func, "attr", None) == name)
    ]


def test_only_the_named_services_move_an_assessment():
    callers = {file for file, tree in modules().items() if calls(tree, "change_status")}
    assert callers == MOVERS


def test_only_the_named_modules_print():
    assert {file for file, tree in modules().items() if "pmqa.pdf" in imports(tree)} == PRINTERS


def test_views_do_not_save():
    views = {
        file: tree for file, tree in modules().items() if "views" in Path(file).stem or "/views/" in file
    }
    writers = ("save", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "create", "delete")
    assert [(file, name) for file, tree in views.items() for name in writers if calls(tree, name)] == []


def test_services_never_see_a_request():
    wrong = [
        file
        for file, tree in modules().items()
        if "services" in file
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg == "request"
    ]
    assert wrong == []


NAMED = re.compile(r"\b(?:pmqa|criteria|assessments|reviews|results)(?:\.\w+)+")


def is_there(name: str) -> bool:
    """Whether a dotted name is a module of ours, or of what stands in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        module = next(
            (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None
        )
        if module:
            return all(
                re.search(rf"\b{word}\b", module.read_text(encoding="utf-8")) for word in parts[length:]
            )
    return False


def test_a_template_says_truly_where_its_values_come_from():
    stale = [
        (str(page.relative_to(ROOT)), name)
        for page in sorted((ROOT / "templates").rglob("*.html"))
        for comment in re.findall(
            r"{% comment %}(.*?){% endcomment %}", page.read_text(encoding="utf-8"), re.DOTALL
        )
        for name in NAMED.findall(comment)
        if not is_there(name)
    ]
    assert stale == []


def test_no_module_outgrows_its_subject():
    long = {
        file: len((ROOT / file).read_text(encoding="utf-8").splitlines())
        for file in modules()
        if len((ROOT / file).read_text(encoding="utf-8").splitlines()) > 450
    }
    assert long == {}


def test_nothing_of_this_machine_is_in_the_tree():
    """Machine paths, registry hosts and unfinished work have no place in the product."""
    marks = [str(ROOT.parent) + "/", "site-packages", "pypi." + "org", "registry." + "npmjs"]
    files = [
        path
        for pattern in ("*.py", "*.html", "*.js", "*.css", "*.md", "*.toml", "*.txt", "*.sh")
        for path in ROOT.rglob(pattern)
        if not {".venv", "var", "vendor", ".git"} & set(path.relative_to(ROOT).parts)
    ]
    wrong = [
        (str(path.relative_to(ROOT)), mark)
        for path in files
        for mark in marks
        if mark in path.read_text(encoding="utf-8") and path != Path(__file__).resolve()
    ]
    assert wrong == []
