"""The agency's addresses. The topic route comes last: its codes ("1.1", "OP1") never look like a word."""

from django.urls import path

from assessments.views import (
    application,
    asking,
    checking,
    evidence,
    evidence_files,
    extensions,
    findings,
    grid,
    handing_over,
    history,
    indicators,
    overview,
    people,
    presence,
    printed,
    printing,
    profile,
    readings,
    sight,
    submission,
    threads,
    todo,
    topics,
    uploads,
    workbook,
)

app_name = "assessments"
urlpatterns = [
    path("", overview.index, name="index"),
    path("start/<int:cycle_id>/<int:agency_id>/", overview.start, name="start"),
    path("<int:pk>/", overview.overview, name="overview"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("extensions/propose/", extensions.propose, name="propose_extension"),
    path("extensions/<int:extension>/confirm/", extensions.confirm, name="confirm_extension"),
    path("extensions/<int:extension>/decline/", extensions.decline, name="decline_extension"),
    path("extensions/<int:extension>/take-back/", extensions.take_back, name="take_back_extension"),
    # From the last gap to the receipt: internal check (views.checking), summary and signature, receipt.
    path("<int:pk>/check/", submission.check, name="check"),
    path("<int:pk>/check/start/", checking.start_check, name="start_check"),
    path("<int:pk>/internal/", checking.internal_check, name="internal_check"),
    path("<int:pk>/internal/checked/", checking.check_many, name="check_many"),
    path("<int:pk>/internal/stop/", checking.stop_check, name="stop_check"),
    path("<int:pk>/internal/answers/<int:answer_id>/checked/", checking.check_answer, name="check_answer"),
    path("<int:pk>/internal/answers/<int:answer_id>/back/", checking.send_part_back, name="send_part_back"),
    path("<int:pk>/internal/<str:code>/", checking.check_topic, name="check_topic"),
    path("<int:pk>/propose/", checking.propose, name="propose"),
    path("<int:pk>/recall/", checking.recall, name="recall"),
    path("<int:pk>/decline/", submission.decline, name="decline"),
    path("<int:pk>/submit/", submission.submit, name="submit"),
    path("<int:pk>/receipt/", submission.receipt, name="receipt"),
    path("<int:pk>/receipt/copy/", submission.receipt_copy, name="receipt_copy"),
    path("<int:pk>/receipt/copy.json", submission.receipt_json, name="receipt_json"),
    # The forms on paper.
    path("<int:pk>/print/", printing.prints, name="print"),
    path("<int:pk>/print/<int:print_id>/status/", printing.print_status, name="print_status"),
    path("<int:pk>/print/<int:print_id>/form.pdf", printing.print_file, name="print_file"),
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
    path("<int:pk>/evidence/<int:number>/<int:version>/look/", evidence_files.look, name="evidence_look"),
    path(
        "<int:pk>/evidence/<int:number>/<int:version>/pages/<int:page>.jpg",
        evidence_files.page_picture,
        name="evidence_page",
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
    # Findings of one answer, and the reasons for leaving them (views.findings).
    path("<int:pk>/answers/<int:answer_id>/findings/", findings.findings, name="findings"),
    # Form 1: what the agency applies for.
    path("<int:pk>/application/", application.application, name="application"),
    # What goes together, and what does not, through the whole form.
    path("<int:pk>/sight/", sight.sight, name="sight"),
    # The organisational profile: its sections at a glance (views.profile).
    path("<int:pk>/profile/", profile.index, name="profile"),
    # What the agency keeps to itself about an answer: its history, its comments, who has a topic open.
    path("<int:pk>/parts/<str:code>/history/", history.part_history, name="part_history"),
    path("<int:pk>/indicators/<int:answer_id>/history/", history.indicator_history, name="indicator_history"),
    path("<int:pk>/answers/<int:answer_id>/restore/", history.restore_version, name="restore_version"),
    path("<int:pk>/parts/<str:code>/comments/", threads.part_comments, name="part_comments"),
    path(
        "<int:pk>/indicators/<int:answer_id>/comments/",
        threads.indicator_comments,
        name="indicator_comments",
    ),
    path("<int:pk>/answers/<int:answer_id>/comments/", threads.add_comment, name="add_comment"),
    path("<int:pk>/answers/<int:answer_id>/thread/", threads.turn_thread, name="turn_thread"),
    path("<int:pk>/comments/<int:comment_id>/", threads.edit_comment, name="edit_comment"),
    path("<int:pk>/comments/<int:comment_id>/remove/", threads.remove_comment, name="remove_comment"),
    path("<int:pk>/topics/<str:code>/presence/", presence.beat, name="presence"),
    path("<int:pk>/readings/", readings.index, name="readings"),
    path("<int:pk>/grid/", grid.grid, name="grid"),
    # Who writes what by when (views.asking), the people of an agency and their work (views.people, handing_over).
    path("<int:pk>/ask/", asking.ask, name="ask"),
    path("<int:pk>/asked/<int:asked_id>/", asking.asked, name="asked"),
    path("<int:pk>/asked/<int:asked_id>/end/", asking.take_back, name="take_back_asked"),
    path("<int:pk>/due/<str:code>/", asking.category_due, name="category_due"),
    path("todo/", todo.todo, name="todo"),
    path("agencies/<int:agency_id>/people/", people.index, name="people"),
    path("agencies/<int:agency_id>/people/add/", people.add, name="add_person"),
    path("agencies/<int:agency_id>/people/<int:member_id>/", people.member, name="member"),
    path("agencies/<int:agency_id>/people/<int:member_id>/end/", people.end, name="end_member"),
    path("agencies/<int:agency_id>/people/<int:member_id>/tell/", people.tell_again, name="tell_member"),
    path(
        "agencies/<int:agency_id>/people/<int:member_id>/hand-over/", handing_over.hand_over, name="hand_over"
    ),
    path(
        "agencies/<int:agency_id>/people/<int:member_id>/work-pack/", handing_over.work_pack, name="work_pack"
    ),
    path("agencies/<int:agency_id>/hand-overs/<int:done_id>/back/", handing_over.hand_back, name="hand_back"),
    path("mentions/", threads.mentions, name="mentions"),
    path("mentions/read/", threads.read_mentions, name="read_mentions"),
    path("mentions/<int:mention_id>/", threads.open_mention, name="open_mention"),
    # Work without the network: the assessment as a workbook, out and in again (views.workbook).
    path("<int:pk>/workbook/", workbook.index, name="workbook"),
    path("<int:pk>/workbook/download/", workbook.download, name="workbook_download"),
    path("<int:pk>/workbook/upload/", workbook.upload, name="workbook_upload"),
    path("<int:pk>/workbook/imports/<int:import_id>/", workbook.preview, name="workbook_import"),
    # A printed form of a past year as drafts (views.printed).
    path("<int:pk>/printed/", printed.index, name="printed"),
    path("<int:pk>/printed/upload/", printed.upload, name="printed_upload"),
    path("<int:pk>/printed/<int:import_id>/", printed.preview, name="printed_import"),
    path("<int:pk>/printed/<int:import_id>/undo/", printed.undo, name="printed_undo"),
    # Form 3 and the profile share one route for saving, all three forms one for their pages.
    path("<int:pk>/parts/<str:code>/", topics.save_part, name="save_part"),
    path("<int:pk>/<str:code>/", topics.topic_page, name="topic"),
]
