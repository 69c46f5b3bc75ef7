import pytest
from django.urls import reverse

from tests import factories


@pytest.fixture
def reader(as_user):
    factories.edition()
    return as_user(factories.make_user())


def page(client, name, *args, **query):
    response = client.get(reverse(f"criteria:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_matrix_shows_every_topic_with_its_three_levels(reader, django_assert_max_num_queries):
    """A-206"""
    with django_assert_max_num_queries(12):
        html = page(reader, "edition", "pmqa40-2565")
    assert "ใช้เทคโนโลยีดิจิทัลในการกำกับ ติดตาม และรายงานผลต่อสาธารณะ" in html
    assert html.count("/criteria/pmqa40-2565/") > 30


def test_the_level_filter_lists_parts_not_items(reader):
    """A-203"""
    html = page(reader, "edition", "pmqa40-2565", level="significance")
    assert "5.4.2.1" in html
    assert "5.4.2.2" not in html


def test_a_topic_page_has_everything_the_criteria_say(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        html = page(reader, "topic", "pmqa40-2565", "1.3")
    for text in ("ระดับที่อนุมาน", "popovertarget", "ตัวอย่าง ไม่ใช่เกณฑ์", "สิ่งที่เพิ่มใหม่", "ถ้อยคำของปีก่อน"):
        assert text in html


def test_the_groups_of_category_7_carry_their_star(reader):
    assert page(reader, "topic", "pmqa40-2565", "7.1").count("required-star") == 2


def test_search_finds_and_says_so_when_it_does_not(reader):
    assert "<mark>นวัตกรรม</mark>" in page(reader, "search", "pmqa40-2565", q="นวัตกรรม")
    assert "ไม่พบ" in page(reader, "search", "pmqa40-2565", q="<script>")


def test_unknown_places_are_404(reader):
    assert reader.get("/criteria/nothing/").status_code == 404
    assert reader.get("/criteria/pmqa40-2565/9.9/").status_code == 404


def test_the_catalogue_is_for_people_who_signed_in(client):
    response = client.get(reverse("criteria:index"))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
