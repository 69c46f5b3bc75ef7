from django.urls import path, register_converter

from reviews.views import (
    appeals,
    cases,
    composing,
    consensus,
    declaring,
    evidence,
    feedback,
    loads,
    marking,
    phrases,
    printing,
    queue,
    sampling,
    sight,
    team,
    teams,
    tickets,
    turning,
    vetting,
    weighing,
)


class TopicCode:
    """The code of a topic (1.1) or of a profile section (OP1), so that no other address is taken for one."""

    regex = r"\d\.\d|OP\d"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TopicCode, "topic")

app_name = "reviews"
urlpatterns = [
    # Reviewers
    path("", queue.queue, name="queue"),
    path("<int:pk>/open/", declaring.start, name="start"),
    path("<int:pk>/step-aside/", declaring.step_aside, name="step_aside"),
    path("<int:pk>/", marking.next_part, name="next"),
    path("<int:pk>/profile/", marking.profile, name="profile"),
    path("<int:pk>/sight/", sight.sight, name="sight"),
    path("<int:pk>/evidence/", evidence.index, name="evidence"),
    path("<int:pk>/evidence/<int:number>/file/", evidence.download, name="evidence_file"),
    path("<int:pk>/evidence/<int:number>/preview/", evidence.preview, name="evidence_preview"),
    path("<int:pk>/evidence/<int:number>/look/", evidence.look, name="evidence_look"),
    path("<int:pk>/evidence/<int:number>/pages/<int:page>.jpg", evidence.page_picture, name="evidence_page"),
    path("<int:pk>/print/", printing.prints, name="print"),
    path("<int:pk>/print/<int:print_id>/status/", printing.print_status, name="print_status"),
    path("<int:pk>/print/<int:print_id>/form.pdf", printing.print_file, name="print_file"),
    path("<int:pk>/hand-in/", marking.hand_in, name="hand_in"),
    path("<int:pk>/go/", marking.go, name="go"),
    path("<int:pk>/marks/<int:answer>/", marking.mark, name="mark"),
    path("<int:pk>/marks/<int:answer>/siblings/", turning.siblings, name="siblings"),
    path("<int:pk>/marks/<int:answer>/ask/", tickets.ask, name="ask_ticket"),
    path("<int:pk>/tickets/<int:ticket>/weigh/", tickets.weigh, name="weigh_ticket"),
    path("<int:pk>/undo/", turning.undo, name="undo"),
    path("<int:pk>/compose/", composing.compose, name="compose"),
    path("<int:pk>/phrases/", phrases.phrases, name="phrases"),
    path("<int:pk>/phrases/<int:phrase>/remove/", phrases.remove, name="remove_phrase"),
    path("<int:pk>/<topic:code>/", marking.topic_page, name="topic"),
    # The agency, before anybody has read its case
    path("<int:pk>/take-back/", queue.take_back, name="take_back"),
    # The agency, while its case is marked
    path("<int:pk>/clarifications/", tickets.index, name="clarifications"),
    path("<int:pk>/clarifications/<int:ticket>/", tickets.clarify, name="clarify"),
    # The lead
    path("<int:pk>/consensus/", consensus.page, name="consensus"),
    path("<int:pk>/consensus/<int:answer_id>/", consensus.decide, name="decide"),
    path("<int:pk>/consensus/<int:answer_id>/earlier/", weighing.earlier, name="earlier"),
    path("<int:pk>/weighing/", weighing.case, name="weighing"),
    path("<int:pk>/finish/", consensus.finish, name="finish"),
    path("<int:pk>/reopen/", consensus.reopen, name="reopen"),
    path("<int:pk>/appeals/", appeals.index, name="appeals"),
    path("<int:pk>/appeals/<int:appeal>/", appeals.decide, name="decide_appeal"),
    path("<int:pk>/feedback/", feedback.page, name="feedback"),
    path("<int:pk>/feedback/<str:code>/", feedback.save_section, name="save_section"),
    # The second reader of the report, and the lead
    path("<int:pk>/vetting/", vetting.page, name="vetting"),
    path("<int:pk>/vetting/confirm/", vetting.confirm, name="confirm_vetting"),
    path("<int:pk>/vetting/sign/", vetting.sign, name="sign_texts"),
    path("<int:pk>/vetting/wordings/<int:wording>/", vetting.settle, name="settle_wording"),
    path("<int:pk>/vetting/<str:code>/", vetting.propose, name="propose_wording"),
    # OPDC
    path("cases/", cases.cases, name="cases"),
    path("cases/weighing/", weighing.cycle, name="cycle_weighing"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/tickets/", tickets.followed, name="case_tickets"),
    path("cases/<int:pk>/assign/", cases.assign, name="assign"),
    path("cases/<int:pk>/withdraw/<int:reviewer>/", team.withdraw, name="withdraw"),
    path("cases/<int:pk>/replace/<int:reviewer>/", team.replace, name="replace"),
    path("cases/<int:pk>/waive/<int:reviewer>/", team.waive, name="waive"),
    path("cases/<int:pk>/stand-in/", team.stand_in, name="stand_in"),
    path("cases/<int:pk>/categories/", team.divide, name="divide"),
    path("cases/<int:pk>/set-aside/", team.set_aside, name="set_aside"),
    path("teams/", teams.page, name="teams"),
    path("teams/propose/", teams.propose, name="propose_teams"),
    path("teams/preview/", teams.preview, name="preview_teams"),
    path("teams/apply/", teams.apply, name="apply_teams"),
    path("teams/undo/<int:pk>/", teams.undo, name="undo_teams"),
    path("teams/<int:pk>/sample/", sampling.page, name="sample"),
    path("teams/<int:pk>/sample/draw/", sampling.draw, name="draw_sample"),
    path("teams/<int:pk>/sample/apply/", sampling.apply, name="apply_sample"),
    path("teams/<int:pk>.csv", teams.download, name="teams_csv"),
    path("loads/", loads.page, name="loads"),
    path("cases/<int:pk>/open/", cases.open_review, name="open_review"),
    path("cases/<int:pk>/lead/", appeals.lead, name="name_lead"),
    path("cases/<int:pk>/send-back/", cases.send_back, name="send_back"),
]
