import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError

from criteria import loader, models
from criteria.catalogue import build_tree
from criteria.reader import read_edition
from tests import factories

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "criteria" / "pmqa40-2565"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "edition"))


def load(*arguments) -> str:
    out = StringIO()
    call_command("load_criteria", *map(str, arguments), stdout=out)
    return out.getvalue()


def change(folder: Path) -> None:
    path = folder / "cat1.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("อธิบายให้ครอบคลุมพันธกิจ", "อธิบายให้ครบพันธกิจ", 1), encoding="utf-8")


@pytest.mark.django_db
def test_what_is_stored_is_what_was_read():
    assert build_tree(factories.edition()) == read_edition(FOLDER)


@pytest.mark.django_db
def test_loading_again_changes_nothing():
    before = list(models.Part.objects.values_list("pk", flat=True))
    assert "no difference" in load("--write")
    assert list(models.Part.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_a_published_edition_shows_the_difference_and_keeps_what_is_stored(folder):
    factories.edition()
    change(folder)
    told = load(folder, "--write")
    assert "1.1.2/hint_th: 'อธิบายให้ครอบคลุมพันธกิจ' -> 'อธิบายให้ครบพันธกิจ'" in told
    assert "published, so the stored one is kept" in told
    assert build_tree(factories.edition()) == read_edition(FOLDER)


@pytest.mark.django_db
def test_a_published_edition_is_never_written():
    factories.edition()
    edition = read_edition(FOLDER)
    plan = loader.Plan(edition, is_new=False, is_frozen=True, changes=("x",))
    with pytest.raises(ValueError, match="never changes"):
        loader.write(plan)


@pytest.mark.django_db
def test_a_draft_is_replaced_whole(folder):
    code = "pmqa40-test"
    path = folder / "edition.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("pmqa40-2565", code).replace("revision: 1", "revision: 2"),
        encoding="utf-8",
    )
    loader.write(loader.plan(read_edition(folder)), publish=False)
    change(folder)
    planned = loader.plan(read_edition(folder))
    assert len(planned.changes) == 1
    row = loader.write(planned, publish=False)
    assert build_tree(row) == read_edition(folder)


@pytest.mark.django_db
def test_a_dry_run_writes_nothing():
    before = models.Edition.objects.count()
    assert "Dry run" in load()
    assert models.Edition.objects.count() == before


@pytest.mark.django_db
def test_all_errors_come_at_once_and_nothing_is_written(folder):
    (folder / "cat1.yaml").write_text("category: [", encoding="utf-8")
    (folder / "cat2.yaml").write_text("category: {code: '2'}", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        load(folder, "--write")
    assert "cat1.yaml" in str(caught.value)
    assert "cat2.yaml" in str(caught.value)


@pytest.mark.django_db
def test_nothing_that_is_in_use_can_be_deleted():
    """No cascade into answers."""
    assessment = factories.make_assessment()
    for row in (assessment.cycle.edition, assessment.cycle, assessment.agency):
        with pytest.raises(ProtectedError):
            row.delete()
    with pytest.raises(ProtectedError):
        models.Part.objects.filter(code="1.1.1.1").delete()
