"""The agency's addresses. The topic route comes last: its codes ("1.1", "OP1") never look like a word."""

from django.urls import path

from assessments.views import indicators, overview, profile, submission, topics, workbook

app_name = "assessments"
urlpatterns = [
    path("", overview.index, name="index"),
    path("start/<int:cycle_id>/<int:agency_id>/", overview.start, name="start"),
    path("<int:pk>/", overview.overview, name="overview"),
    # Submission: check, confirm, receipt.
    path("<int:pk>/check/", submission.check, name="check"),
    path("<int:pk>/submit/", submission.submit, name="submit"),
    path("<int:pk>/receipt/", submission.receipt, name="receipt"),
    path("<int:pk>/receipt/copy/", submission.receipt_copy, name="receipt_copy"),
    path("<int:pk>/receipt/copy.json", submission.receipt_json, name="receipt_json"),
    # Form 4: the indicators of category 7 (views.indicators).
    path("<int:pk>/groups/<str:group>/add/", indicators.add_indicator, name="add_indicator"),
    path("<int:pk>/indicators/<int:answer_id>/", indicators.save_indicator, name="save_indicator"),
    path("<int:pk>/indicators/<int:answer_id>/remove/", indicators.remove_indicator, name="remove_indicator"),
    path(
        "<int:pk>/indicators/<int:answer_id>/restore/", indicators.restore_indicator, name="restore_indicator"
    ),
    # The organisational profile: its sections at a glance (views.profile).
    path("<int:pk>/profile/", profile.index, name="profile"),
    # Work without the network: the assessment as a workbook, out and in again (views.workbook).
    path("<int:pk>/workbook/", workbook.index, name="workbook"),
    path("<int:pk>/workbook/download/", workbook.download, name="workbook_download"),
    path("<int:pk>/workbook/upload/", workbook.upload, name="workbook_upload"),
    path("<int:pk>/workbook/imports/<int:import_id>/", workbook.preview, name="workbook_import"),
    # Form 3 and the profile share one route for saving, all three forms one for their pages.
    path("<int:pk>/parts/<str:code>/", topics.save_part, name="save_part"),
    path("<int:pk>/<str:code>/", topics.topic_page, name="topic"),
]
