"""The agency's addresses. The topic route comes last: its codes ("1.1", "OP1") never look like a word."""

from django.urls import path

from assessments.views import (
    evidence,
    evidence_files,
    indicators,
    overview,
    profile,
    submission,
    topics,
    uploads,
)

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
    # The evidence register, and files on their way in and out.
    path("<int:pk>/evidence/", evidence.register_page, name="evidence"),
    path("<int:pk>/evidence/add/", evidence.add, name="add_evidence"),
    path("<int:pk>/evidence/of/<int:answer_id>/", evidence.cite, name="cite_evidence"),
    path("<int:pk>/evidence/<int:number>/", evidence.entry, name="evidence_entry"),
    path("<int:pk>/evidence/<int:number>/edit/", evidence.edit, name="edit_evidence"),
    path("<int:pk>/evidence/<int:number>/replace/", evidence.replace, name="replace_evidence"),
    path("<int:pk>/evidence/<int:number>/withdraw/", evidence.withdraw, name="withdraw_evidence"),
    path("<int:pk>/evidence/<int:number>/<int:version>/opened/", evidence.confirm_link, name="confirm_link"),
    path("<int:pk>/evidence/<int:number>/<int:version>/file/", evidence_files.download, name="evidence_file"),
    path(
        "<int:pk>/evidence/<int:number>/<int:version>/preview/",
        evidence_files.preview,
        name="evidence_preview",
    ),
    path(
        "<int:pk>/receipt/<int:submission>/evidence/<int:number>/",
        evidence_files.download_frozen,
        name="frozen_evidence",
    ),
    path("<int:pk>/uploads/", uploads.begin, name="begin_upload"),
    path("<int:pk>/uploads/<uuid:upload>/<int:offset>/", uploads.piece, name="upload"),
    # Form 4: the indicators of category 7 (views.indicators).
    path("<int:pk>/groups/<str:group>/add/", indicators.add_indicator, name="add_indicator"),
    path("<int:pk>/indicators/<int:answer_id>/", indicators.save_indicator, name="save_indicator"),
    path("<int:pk>/indicators/<int:answer_id>/remove/", indicators.remove_indicator, name="remove_indicator"),
    path(
        "<int:pk>/indicators/<int:answer_id>/restore/", indicators.restore_indicator, name="restore_indicator"
    ),
    # The organisational profile: its sections at a glance (views.profile).
    path("<int:pk>/profile/", profile.index, name="profile"),
    # Form 3 and the profile share one route for saving, all three forms one for their pages.
    path("<int:pk>/parts/<str:code>/", topics.save_part, name="save_part"),
    path("<int:pk>/<str:code>/", topics.topic_page, name="topic"),
]
