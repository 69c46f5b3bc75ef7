"""What the pages for newcomers name is there: files, sections, commands."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
IGNORED = {".git", ".venv", "var", "__pycache__"}


@cache
def files() -> str:
    """Every file of the tree, each on a line that begins with a slash."""
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return "\n".join(f"/{path}" for path in found if not IGNORED & set(path.parts)) + "\n"


def anchors(page: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_sections(page):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        name, _sign, section = target.partition("#")
        there = page.parent / name if name else page
        if not there.exists() or (section and section not in anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_pages_and_styles_that_are_named_exist(page):
    named = re.findall(r"`([\w/.*-]+\.(?:py|html|js|css|yaml|sh))`", page.read_text(encoding="utf-8"))
    lost = [name for name in named if "*" not in name and f"/{name}\n" not in files()]
    assert lost == []
