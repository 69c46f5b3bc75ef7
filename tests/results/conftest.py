import copy

import pytest


@pytest.fixture(autouse=True)
def _private_storage(settings, tmp_path):
    """Reports go to a folder of the test: assigning STORAGES, not changing it, makes Django open it anew."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = tmp_path / "media"
    settings.STORAGES = storages
