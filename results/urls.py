"""The addresses of results; `pk` is that of the assessment. No browser keeps any of them for its next user."""

from django.urls import path
from django.views.decorators.cache import never_cache

from results.views import appeals, dashboard, downloads, forms, last_year, pages, publishing, releases

app_name = "results"
urlpatterns = [
    path("", never_cache(pages.index), name="index"),
    path("dashboard/", never_cache(dashboard.dashboard), name="dashboard"),
    path("dashboard/tables/<slug:key>.csv", never_cache(dashboard.dashboard_csv), name="dashboard_csv"),
    path("dashboard/<slug:page>/", never_cache(dashboard.dashboard), name="dashboard_page"),
    path("<int:pk>/benchmark/", never_cache(dashboard.benchmark), name="benchmark"),
    path("<int:pk>/", never_cache(pages.result), name="result"),
    path("<int:pk>/explain/<str:basis>/<str:code>/", never_cache(pages.explain), name="explain"),
    path("<int:pk>/topics/<str:code>/", never_cache(pages.topic), name="topic"),
    path("<int:pk>/last-year/<str:code>/", never_cache(last_year.last_year), name="last_year"),
    path("<int:pk>/appeals/", never_cache(appeals.index), name="appeals"),
    path("<int:pk>/appeals/<str:code>/", never_cache(appeals.ask), name="ask_again"),
    path("<int:pk>/appeals/<int:appeal>/withdraw/", never_cache(appeals.withdraw), name="withdraw_appeal"),
    # OPDC, for a whole cycle: here `pk` is that of the cycle.
    path("cycles/<int:pk>/release/", never_cache(releases.release), name="release"),
    path(
        "cycles/<int:pk>/release/<int:release>/confirm/",
        never_cache(releases.confirm),
        name="confirm_release",
    ),
    path(
        "cycles/<int:pk>/release/<int:release>/withdraw/",
        never_cache(releases.withdraw),
        name="withdraw_release",
    ),
    path("cycles/<int:pk>/issue/", never_cache(releases.issue), name="issue"),
    path("<int:pk>/before/<str:code>/", never_cache(last_year.reviewed_before), name="reviewed_before"),
    path("<int:pk>/publish/", never_cache(publishing.publish), name="publish"),
    path("<int:pk>/correct/", never_cache(publishing.correct), name="correct"),
    path("<int:pk>/report.pdf", never_cache(downloads.report), name="report"),
    path("<int:pk>/report/status/", never_cache(downloads.report_status), name="report_status"),
    path("<int:pk>/report/retry/", never_cache(downloads.retry_report), name="retry_report"),
    path("<int:pk>/forms/", never_cache(forms.forms), name="forms"),
    path("<int:pk>/forms/<int:print_id>/status/", never_cache(forms.form_status), name="form_status"),
    path("<int:pk>/forms/<int:print_id>/form.pdf", never_cache(forms.form_file), name="form_file"),
    path("<int:pk>/scores.csv", never_cache(downloads.scores_csv), name="scores_csv"),
    path("<int:pk>/result.json", never_cache(downloads.result_json), name="result_json"),
]
