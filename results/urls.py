"""The addresses of results; `pk` is that of the assessment."""

from django.urls import path

from results.views import downloads, pages, publishing

app_name = "results"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<int:pk>/", pages.result, name="result"),
    path("<int:pk>/explain/<str:basis>/<str:code>/", pages.explain, name="explain"),
    path("<int:pk>/topics/<str:code>/", pages.topic, name="topic"),
    path("<int:pk>/publish/", publishing.publish, name="publish"),
    path("<int:pk>/correct/", publishing.correct, name="correct"),
    path("<int:pk>/report.pdf", downloads.report, name="report"),
    path("<int:pk>/report/status/", downloads.report_status, name="report_status"),
    path("<int:pk>/report/retry/", downloads.retry_report, name="retry_report"),
    path("<int:pk>/scores.csv", downloads.scores_csv, name="scores_csv"),
    path("<int:pk>/result.json", downloads.result_json, name="result_json"),
]
