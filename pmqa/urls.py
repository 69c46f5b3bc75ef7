"""The only module that knows every app's addresses."""

from django.urls import include, path
from django.views.decorators.cache import never_cache

from pmqa import views
from pmqa.accounts.admin_site import site
from pmqa.navigation import home
from pmqa.theme import set_theme
from results.views.verify import verify

urlpatterns = [
    path("", home, name="home"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("verify/", never_cache(verify), name="verify"),
    path("theme/", set_theme, name="set_theme"),
    path("accounts/", include("allauth.urls")),
    path("admin/", site.urls),
    path("criteria/", include("criteria.urls")),
    path("assessments/", include("assessments.urls")),
    path("reviews/", include("reviews.urls")),
    path("results/", include("results.urls")),
]
