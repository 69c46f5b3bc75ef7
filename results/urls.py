"""The addresses of results; `pk` is that of the assessment, where nothing else is said.

No browser keeps any of them for its next user, except what is open to everybody.
"""

from django.urls import path, register_converter
from django.views.decorators.cache import never_cache

from results.views import (
    appeals,
    application_report,
    application_reports,
    awaited,
    corrections,
    dashboard,
    documents,
    downloads,
    drafts,
    exporting,
    follow_ups,
    forms,
    framework,
    improvement,
    last_year,
    library,
    open_data,
    pages,
    publishing,
    releases,
    roadmap,
    stage_two,
    standing,
    targets,
    trees,
)


class DocumentKind:
    """A document that is made when somebody asks for it; the Feedback Report has an address of its own."""

    regex = "deck|minister"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DocumentKind, "document")

app_name = "results"
urlpatterns = [
    path("", never_cache(pages.index), name="index"),
    path("dashboard/", never_cache(dashboard.dashboard), name="dashboard"),
    path("dashboard/tables/<slug:key>.csv", never_cache(dashboard.dashboard_csv), name="dashboard_csv"),
    path("dashboard/season/", never_cache(dashboard.season), name="season"),
    path("dashboard/<slug:page>/", never_cache(dashboard.dashboard), name="dashboard_page"),
    path("<int:pk>/benchmark/", never_cache(dashboard.benchmark), name="benchmark"),
    path("<int:pk>/", never_cache(pages.result), name="result"),
    path("<int:pk>/explain/<str:basis>/<str:code>/", never_cache(trees.explain), name="explain"),
    path("<int:pk>/roadmap/<slug:basis>/", never_cache(roadmap.roadmap), name="roadmap"),
    path(
        "<int:pk>/roadmap/<slug:basis>/<slug:key>/", never_cache(roadmap.dimension), name="roadmap_dimension"
    ),
    path("<int:pk>/topics/<str:code>/", never_cache(pages.topic), name="topic"),
    path("<int:pk>/last-year/<str:code>/", never_cache(last_year.last_year), name="last_year"),
    path("<int:pk>/appeals/", never_cache(appeals.index), name="appeals"),
    path("<int:pk>/appeals/<str:code>/", never_cache(appeals.ask), name="ask_again"),
    path("<int:pk>/appeals/<int:appeal>/withdraw/", never_cache(appeals.withdraw), name="withdraw_appeal"),
    # The score of the Application Report, recorded by one administrator and confirmed by another.
    path("<int:pk>/stage-two/", never_cache(stage_two.stage_two), name="stage_two"),
    path(
        "<int:pk>/stage-two/<int:recorded>/confirm/",
        never_cache(stage_two.confirm),
        name="confirm_stage_two",
    ),
    path(
        "<int:pk>/stage-two/<int:recorded>/decline/",
        never_cache(stage_two.decline),
        name="decline_stage_two",
    ),
    path(
        "<int:pk>/stage-two/<int:recorded>/take-back/",
        never_cache(stage_two.take_back),
        name="take_back_stage_two",
    ),
    # The Application Report of stage 2.
    path(
        "<int:pk>/application-report/",
        never_cache(application_report.application_report),
        name="application_report",
    ),
    path(
        "<int:pk>/application-report/answer/",
        never_cache(application_report.answer_invitation),
        name="answer_invitation",
    ),
    path(
        "<int:pk>/application-report/due/", never_cache(application_report.move_due), name="move_report_due"
    ),
    path(
        "<int:pk>/application-report/chapters/<slug:key>/",
        never_cache(application_report.report_chapter),
        name="report_chapter",
    ),
    path(
        "<int:pk>/application-report/sections/<str:code>/",
        never_cache(application_report.save_section),
        name="save_report_section",
    ),
    path(
        "<int:pk>/application-report/changes/",
        never_cache(application_report.report_changes),
        name="report_changes",
    ),
    path(
        "<int:pk>/application-report/submit/",
        never_cache(application_report.submit_report),
        name="submit_report",
    ),
    path(
        "<int:pk>/application-report/report.pdf",
        never_cache(application_report.report_pdf),
        name="application_report_pdf",
    ),
    path(
        "<int:pk>/application-report/print/",
        never_cache(application_report.print_again),
        name="print_application_report",
    ),
    # OPDC, for a whole cycle: here `pk` is that of the cycle.
    path(
        "cycles/<int:pk>/stage-two/",
        never_cache(application_reports.application_reports),
        name="application_reports",
    ),
    path(
        "cycles/<int:pk>/stage-two/invite/",
        never_cache(application_reports.invite),
        name="invite_to_stage_two",
    ),
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
    path("cycles/<int:pk>/issue-at/", never_cache(releases.issue_at), name="issue_at"),
    path(
        "cycles/<int:pk>/issue-at/<int:timed>/cancel/",
        never_cache(releases.cancel_issue),
        name="cancel_issue",
    ),
    # Where agencies stand. `pk` is that of the agency, of the assessment, of the cycle.
    path("agencies/<int:pk>/standing/", never_cache(standing.standing), name="standing"),
    path("agencies/<int:pk>/standing.csv", never_cache(standing.standing_csv), name="standing_csv"),
    path("<int:pk>/next-best/", never_cache(standing.next_best), name="next_best"),
    path("<int:pk>/what-if/", never_cache(standing.imagine), name="what_if"),
    path("cycles/<int:pk>/groups/", never_cache(targets.groups), name="groups"),
    path("cycles/<int:pk>/groups.csv", never_cache(targets.groups_csv), name="groups_csv"),
    path("cycles/<int:pk>/targets/", never_cache(targets.rules), name="targets"),
    path("cycles/<int:pk>/types/<int:agency>/", never_cache(targets.choose_type), name="choose_type"),
    path("cycles/<int:pk>/framework/", never_cache(framework.framework), name="framework"),
    path("cycles/<int:pk>/framework/<slug:kind>/", never_cache(framework.edit), name="edit_framework"),
    path("cycles/<int:pk>/framework/<slug:kind>/drop/", never_cache(framework.drop), name="drop_framework"),
    path("cycles/<int:pk>/exports/", never_cache(exporting.exports), name="exports"),
    path(
        "cycles/<int:pk>/exports/<int:export>/status/",
        never_cache(exporting.export_status),
        name="export_status",
    ),
    path(
        "cycles/<int:pk>/exports/<int:export>/file/", never_cache(exporting.export_file), name="export_file"
    ),
    path("cycles/<int:pk>/open-data/", never_cache(open_data.opening), name="opening"),
    path("cycles/<int:pk>/open-data/close/", never_cache(open_data.close), name="close_open_data"),
    # For everybody, where an administrator has opened it; these may be kept by browsers and proxies.
    path("open-data/", open_data.index, name="open_data"),
    path("open-data/<int:pk>.json", open_data.document, name="open_json"),
    path("open-data/<int:pk>/<str:table>.csv", open_data.table, name="open_csv"),
    path("cycles/<int:pk>/issue/status/", never_cache(releases.issue_status), name="issue_status"),
    path("<int:pk>/before/<str:code>/", never_cache(last_year.reviewed_before), name="reviewed_before"),
    path("<int:pk>/publish/", never_cache(publishing.publish), name="publish"),
    path("<int:pk>/correct/", never_cache(publishing.correct), name="correct"),
    path("<int:pk>/revisions/", never_cache(corrections.revisions), name="revisions"),
    path("<int:pk>/report.pdf", never_cache(downloads.report), name="report"),
    path("<int:pk>/report/status/", never_cache(downloads.report_status), name="report_status"),
    path("<int:pk>/report/retry/", never_cache(downloads.retry_report), name="retry_report"),
    path("<int:pk>/one-page/", never_cache(documents.minister), name="minister"),
    path("<int:pk>/documents/<document:kind>.pdf", never_cache(documents.document), name="document"),
    path(
        "<int:pk>/documents/<document:kind>/status/",
        never_cache(documents.document_status),
        name="document_status",
    ),
    path("<int:pk>/documents/<document:kind>/order/", never_cache(documents.order), name="order_document"),
    path(
        "<int:pk>/editions/<int:revision>/<str:kind>.pdf", never_cache(documents.edition), name="edition_file"
    ),
    path(
        "<int:pk>/editions/<int:revision>/explain/<str:basis>/<str:code>/",
        never_cache(trees.explain_edition),
        name="explain_edition",
    ),
    path("<int:pk>/draft-report/", never_cache(drafts.draft_report), name="draft_report"),
    path("<int:pk>/forms/", never_cache(forms.forms), name="forms"),
    path("<int:pk>/forms/<int:print_id>/status/", never_cache(forms.form_status), name="form_status"),
    path("<int:pk>/forms/<int:print_id>/form.pdf", never_cache(forms.form_file), name="form_file"),
    # Plans of all agencies, as far as something in them waits.
    path("follow-ups/", never_cache(awaited.follow_ups), name="follow_ups"),
    path("follow-ups.csv", never_cache(awaited.follow_ups_csv), name="follow_ups_csv"),
    # The improvement plan after a published result, and its follow-ups.
    path("<int:pk>/plan/", never_cache(improvement.plan), name="plan"),
    path("<int:pk>/plan/add/", never_cache(improvement.add), name="add_card"),
    path("<int:pk>/plan/approve/", never_cache(improvement.approve), name="approve_plan"),
    path("<int:pk>/plan/cards/<int:card>/", never_cache(improvement.card), name="plan_card"),
    path("<int:pk>/plan/plan.pdf", never_cache(improvement.plan_pdf), name="plan_pdf"),
    path("<int:pk>/plan/plan.xlsx", never_cache(improvement.plan_xlsx), name="plan_xlsx"),
    path("<int:pk>/plan/follow-ups/<int:months>/", never_cache(follow_ups.follow_up), name="follow_up"),
    path(
        "<int:pk>/plan/follow-ups/<int:months>/submit/",
        never_cache(follow_ups.submit),
        name="submit_follow_up",
    ),
    path(
        "<int:pk>/plan/follow-ups/<int:months>/cards/<int:card>/",
        never_cache(follow_ups.save_progress),
        name="save_progress",
    ),
    path(
        "<int:pk>/plan/follow-ups/<int:months>/cards/<int:card>/reply/",
        never_cache(follow_ups.save_reply),
        name="save_reply",
    ),
    # The library of good practices: `pk` is that of the entry, then of the assessment.
    path("library/", never_cache(library.library), name="library"),
    path("library/<int:pk>/", never_cache(library.entry), name="library_entry"),
    path("library/<int:pk>/hide/", never_cache(library.hide), name="hide_entry"),
    path("library/<int:pk>/show/", never_cache(library.show_again), name="show_entry"),
    path("<int:pk>/library/", never_cache(library.sharing), name="sharing"),
    path("<int:pk>/library/<slug:key>/", never_cache(library.share), name="share_highlight"),
    path("<int:pk>/library/<slug:key>/take-back/", never_cache(library.take_back), name="take_back"),
    path("<int:pk>/scores.csv", never_cache(downloads.scores_csv), name="scores_csv"),
    path("<int:pk>/result.xlsx", never_cache(downloads.result_xlsx), name="result_xlsx"),
    path("<int:pk>/result.json", never_cache(downloads.result_json), name="result_json"),
]
