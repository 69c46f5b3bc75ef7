import pytest

from results.application_report import services
from tests.results.application_report import reports


@pytest.fixture
def invited(agency, administrator):
    """Invited for category 4."""
    return reports.invite(reports.publish(agency=agency), by=administrator)


@pytest.fixture
def report(invited, coordinator):
    """Accepted, and nothing written yet."""
    return services.accept(invited, by=coordinator)
