"""Where there is nothing to show yet, or too few to show it of."""

import pytest
from django.urls import reverse

from pmqa.accounts.models import Agency
from results.dashboard.suppression import LEAST
from tests.results.dashboard.nation import make_nation

pytestmark = pytest.mark.django_db

HOME = "/results/dashboard/"


def text(reply) -> str:
    return reply.content.decode()


def test_without_a_result_the_page_says_so(as_user, administrator):
    assert "ยังไม่มีผลที่ประกาศ" in text(as_user(administrator).get(HOME))
    assert as_user(administrator).get(reverse("results:dashboard_csv", args=["groups"])).status_code == 404


def test_among_fewer_than_five_others_nothing_is_told(as_user, member_of):
    (cycle,) = make_nation(agencies=12, years=1, ministries=1)
    client, case = member_of("N-00003", cycle)
    assert Agency.objects.filter(kind=case.agency.kind).count() < LEAST
    page = text(client.get(reverse("results:benchmark", args=[case.pk])))
    assert "ไม่แสดง (น้อยกว่า 5)" in page
    assert "<table" not in page
