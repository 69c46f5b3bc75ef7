"""The addresses of results; `pk` is that of the assessment. No browser keeps any of them for its next user."""

from django.urls import path
from django.views.decorators.cache import never_cache

from results.views import downloads, last_year, pages, publishing

app_name = "results"
urlpatterns = [
    path("", never_cache(pages.index), name="index"),
    path("<int:pk>/", never_cache(pages.result), name="result"),
    path("<int:pk>/explain/<str:basis>/<str:code>/", never_cache(pages.explain), name="explain"),
    path("<int:pk>/topics/<str:code>/", never_cache(pages.topic), name="topic"),
    path("<int:pk>/last-year/<str:code>/", never_cache(last_year.last_year), name="last_year"),
    path("<int:pk>/before/<str:code>/", never_cache(last_year.reviewed_before), name="reviewed_before"),
    path("<int:pk>/publish/", never_cache(publishing.publish), name="publish"),
    path("<int:pk>/correct/", never_cache(publishing.correct), name="correct"),
    path("<int:pk>/report.pdf", never_cache(downloads.report), name="report"),
    path("<int:pk>/report/status/", never_cache(downloads.report_status), name="report_status"),
    path("<int:pk>/report/retry/", never_cache(downloads.retry_report), name="retry_report"),
    path("<int:pk>/scores.csv", never_cache(downloads.scores_csv), name="scores_csv"),
    path("<int:pk>/result.json", never_cache(downloads.result_json), name="result_json"),
]
