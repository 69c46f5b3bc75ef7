"""Who gets through where: every route, every role, every state of an assessment.

A row is a route with a method and the reason (sections of the roles of the product). Each of its lines is a list
of roles and what they get in the twelve states of an assessment, in the order of `STATES`:

    + through: a page or a step inward; a POST did something, and only these write
    = told why nothing was done (wrong moment, nothing new), nothing was written
    - refused, 403
    . not there, 404

One sign alone stands for all states. Seven and nine signs leave out the three states of the preliminary result,
where everything is as after the consensus. Seven and ten leave out the two states before the head signs: there a page
is as in drafting, and what writes in drafting does as when submitted, for everything is locked. The first line that
names a role counts. Roles without a line get 404; whoever has not signed in is sent to the log-in page, or on the
routes where text is typed for long is given it back with 401. A route without a row fails.
"""

from dataclasses import dataclass

import pytest
from django.template.backends.django import Template
from django.urls import reverse
from django.utils.safestring import SafeString

from assessments.models import PRELIMINARY, Status
from tests import cases, routes
from tests.cases import ROLES, STATES, World, visit

AGENCY = "coordinator owner contributor viewer head two_hats"
TEAM = "reviewer handed_in lead"
EVERYBODY = " ".join(role for role in ROLES if role != "anonymous")
# Pages of OPDC: refused as a whole, before any case is looked up, so that the answer tells nothing.
OUTSIDE_OPDC = " ".join(
    role for role in ROLES if role not in ("anonymous", "officer", "administrator", "auditor")
)
# Roles without a line are tried in these states, and so are members who read what the coordinator reads.
A_FEW_STATES = ("drafting", "in_review", "report_issued")
READERS = ("owner", "contributor", "viewer", "two_hats")

BEFORE_SIGNING = (Status.INTERNAL_CHECK, Status.AWAITING_HEAD)
# Lines without the states of the preliminary result.
SHORT = len(STATES) - len(PRELIMINARY)

GET, POST = "GET", "POST"
# A refusal may be noted, and nothing else.
LOG = {"accounts_logentry", "accounts_loghead"}
pytestmark = [pytest.mark.django_db, pytest.mark.heavy]


@dataclass(frozen=True)
class Row:
    method: str
    route: str
    reason: str
    lines: tuple[str, ...]

    def signs(self, role: str) -> str:
        """Of all states, "" for a role without a line."""
        for line in self.lines:
            *roles, signs = line.split()
            if role in roles:
                return self._of_all(signs)
        return ""

    def _of_all(self, signs: str) -> str:
        if len(signs) in (SHORT, SHORT - len(BEFORE_SIGNING)):
            *_earlier, after_consensus, issued = signs
            signs = signs[:-1] + after_consensus * len(PRELIMINARY) + issued
        if len(signs) == len(STATES) - len(BEFORE_SIGNING):
            drafting, submitted, *_later = signs
            locked = submitted if self.method == POST and drafting == "+" else drafting
            return drafting + locked * len(BEFORE_SIGNING) + signs[1:]
        return signs if len(signs) > 1 else signs * len(STATES)

    def expected(self, role: str, state: str) -> str:
        signs = self.signs(role) or "." * len(STATES)
        return signs[STATES.index(state)]


def row(method: str, route: str, reason: str, *lines: str) -> Row:
    return Row(method, route, reason, lines)


# Ten and twelve have prelim_released appeal_open finalised before report_issued.
# Seven: drafting                               submitted returned in_review consensus consensus_done report_issued
# Nine:  drafting internal_check awaiting_head  submitted returned in_review consensus consensus_done report_issued
READS_ANSWERS = (
    f"{AGENCY} auditor +++++++",
    "officer           .+-++++",
    "administrator     -------",
    "executive         ......-",
)
# The same people, on what none of them may do but those named before.
NO_MORE = (f"{AGENCY} auditor administrator -", "officer .------", "executive ......-")
# What the agency keeps to itself.
INSIDE = (f"{AGENCY} auditor +", "officer .------", "administrator -", "executive ......-")
OWN_WORDS = ("coordinator +", *NO_MORE)
# An upload waiting to be read is its person's own.
UPLOADED = ("administrator -", "officer ..-....", "executive ......-")
RECEIPT = (f"{AGENCY} auditor .++++++", "officer .+-++++", "administrator -", "executive ......-")
MARKS = (f"{TEAM} ...++++", "tied ...----")
SETTLED = (f"{TEAM} ...-+++", "auditor ----+++", "tied ...----", "officer .------", "administrator -")
LEADS = ("reviewer handed_in tied ...----", "auditor administrator -", "officer .------")
RESULT = (
    f"{AGENCY}     ------++++",
    f"{TEAM}       ...---++++",
    "tied          ...----",
    "officer       .-----++++",
    "administrator auditor -----++",
    "executive     ......+",
)
DOWNLOAD = (
    f"{AGENCY} administrator auditor ------+",
    f"{TEAM} ...---+",
    "tied ...----",
    "officer .-----+",
    RESULT[5],
)
DASHBOARD = ("administrator auditor executive +", f"{EVERYBODY} -")
# Told to the agency, with what came of its requests.
APPEALS = (*RESULT[:4], "administrator auditor ------++++", RESULT[5])
STANDS = (f"{AGENCY} administrator auditor officer executive +", f"{TEAM} tied -")
FORECAST = (
    f"{AGENCY} auditor +",
    f"{TEAM} tied ...-------",
    "officer .-----++++",
    "administrator ------++++",
    "executive ......+",
)
NOT_THEIRS = (
    f"{AGENCY} auditor administrator -",
    f"{TEAM} tied ...----",
    "officer .------",
    "executive ......-",
)
NO_RESULT = (f"{AGENCY} auditor -", f"{TEAM} tied ...----", "officer .------", "executive ......-")
# The plan that follows from a published result, and what few may do to it.
PLAN = (*DOWNLOAD[:4], "executive ......-")
NO_PLAN = (
    f"{AGENCY} auditor administrator -",
    f"{TEAM} tied ...----",
    "officer .------",
    "executive ......-",
)
# What an agency shares of its published result.
SHARING = (f"{AGENCY} administrator auditor ------+", *NO_RESULT[1:])
LIBRARY = (f"{AGENCY} neighbour tied officer administrator auditor executive +", f"{EVERYBODY} -")
# People of an agency: who keeps them, and those who are told that they may not.
KEEPERS = "coordinator head administrator"
OTHER_MEMBERS = (f"{AGENCY} administrator auditor -",)

ROWS = (
    # --- everybody
    row(GET, "home", "straight to one's work", f"{EVERYBODY} +"),
    row(GET, "livez", "probe", f"anonymous {EVERYBODY} +"),
    row(GET, "readyz", "probe", f"anonymous {EVERYBODY} +"),
    row(GET, "verify", "whoever holds a paper", f"anonymous {EVERYBODY} +"),
    row(POST, "verify", "the same, a file; nothing is kept", f"anonymous {EVERYBODY} ="),
    row(POST, "set_language", "a cookie of one's own", f"anonymous {EVERYBODY} ="),
    row(POST, "set_theme", "a cookie of one's own", f"anonymous {EVERYBODY} ="),
    row(POST, "set_work_mail", "a choice of one's own", f"{EVERYBODY} ="),
    row(GET, "criteria:index", "the criteria are no secret", f"{EVERYBODY} +"),
    row(GET, "criteria:edition", "the criteria are no secret", f"{EVERYBODY} +"),
    row(GET, "criteria:topic", "the criteria are no secret", f"{EVERYBODY} +"),
    row(GET, "criteria:roadmap", "the criteria are no secret", f"{EVERYBODY} +"),
    row(GET, "criteria:dimension", "the criteria are no secret", f"{EVERYBODY} +"),
    row(GET, "criteria:search", "the criteria are no secret", f"{EVERYBODY} +"),
    # --- the agency writes: 2.1
    row(GET, "assessments:index", "lists one's own agencies; empty without any", f"{EVERYBODY} +"),
    row(POST, "assessments:start", "T1 AC", "coordinator +", "owner contributor viewer head two_hats -"),
    row(GET, "assessments:overview", "see own agency's draft; CF from SUBMITTED; CY status only", *READS_ANSWERS),
    row(GET, "assessments:topic", "the same", *READS_ANSWERS),
    row(GET, "assessments:topic#7.1", "the same, indicators", *READS_ANSWERS),
    row(GET, "assessments:topic#OP1", "the same, profile", *READS_ANSWERS),
    row(GET, "assessments:profile", "the same", *READS_ANSWERS),
    row(GET, "assessments:check", "see self score, forecast, linter", *READS_ANSWERS),
    row(GET, "assessments:submit", "shows what would be signed, to all who read", *READS_ANSWERS),
    row(POST, "assessments:start_check", "T2 AC; twice is once", "coordinator +===+====", *NO_MORE),
    row(GET, "assessments:internal_check", "who checked what, to all who read", *READS_ANSWERS),
    row(GET, "assessments:check_topic", "the same", *READS_ANSWERS),
    row(GET, "assessments:check_topic#7.1", "the same, indicators", *READS_ANSWERS),
    row(GET, "assessments:check_topic#OP1", "the same, profile", *READS_ANSWERS),
    row(POST, "assessments:check_answer", "mark part CHECKED: AC", "coordinator =+=======", *NO_MORE),
    row(POST, "assessments:check_many", "mark part CHECKED: AC", "coordinator =+=======", *NO_MORE),
    row(POST, "assessments:send_part_back", "send back to owner: AC", "coordinator =+=======", *NO_MORE),
    row(POST, "assessments:stop_check", "T3 AC", "coordinator =+=======", *NO_MORE),
    row(POST, "assessments:propose", "T4 AC", "coordinator =+=======", *NO_MORE),
    row(POST, "assessments:recall", "T4 undo AC", "coordinator ==+======", *NO_MORE),
    row(POST, "assessments:decline", "T5 AH", "head ==+======", *NO_MORE),
    row(POST, "assessments:submit", "T6 sign and hand in: AH only", "head ==+======", *NO_MORE),
    row(POST, "reviews:take_back", "T7 AH, AC; before a reviewer has opened it", "coordinator head ===+=+===",
        *NO_MORE),
    row(GET, "assessments:extensions", "the ledger is for everybody", f"{EVERYBODY} +"),
    row(GET, "assessments:propose_extension", "more time: administrators", "administrator +", f"{EVERYBODY} -"),
    row(POST, "assessments:propose_extension", "more time: administrators", "administrator +", f"{EVERYBODY} -"),
    row(POST, "assessments:confirm_extension", "the second administrator", "administrator +", f"{EVERYBODY} -"),
    row(POST, "assessments:confirm_extension#own", "never who proposed it", f"{EVERYBODY} -"),
    row(POST, "assessments:decline_extension", "the second administrator", "administrator +", f"{EVERYBODY} -"),
    row(POST, "assessments:take_back_extension#own", "who proposed it", "administrator +", f"{EVERYBODY} -"),
    row(POST, "assessments:take_back_extension", "who proposed it", f"{EVERYBODY} -"),
    row(GET, "assessments:receipt", "from the first submission on", *RECEIPT),
    row(POST, "assessments:receipt_copy", "a download, in the log", *RECEIPT),
    row(POST, "assessments:receipt_json", "a download, in the log", *RECEIPT),
    row(GET, "assessments:print", "whoever reads the answers may have them on paper", *READS_ANSWERS),
    row(POST, "assessments:print", "the same", *READS_ANSWERS),
    row(GET, "assessments:print_status", "the same", *READS_ANSWERS),
    row(GET, "assessments:print_file", "a download, in the log", *READS_ANSWERS),
    row(GET, "assessments:application", "Form 1; whom to ask is for the agency and OPDC", *READS_ANSWERS),
    row(POST, "assessments:application", "confirms the award level: AC", "coordinator +-+----", *NO_MORE),
    row(POST, "assessments:save_part", "edit answers: AC, CO own categories; 3.5 in the check parts sent back only",
        "coordinator owner ++--+----", *NO_MORE),
    row(POST, "assessments:save_part#2.1.1.1", "CO own categories, CT items asked of them",
        "coordinator contributor +-+----", *NO_MORE),
    row(POST, "assessments:save_part#OP1.mission", "edit OP", "coordinator +-+----", *NO_MORE),
    row(POST, "assessments:add_indicator", "edit indicators; a button, so the refusal is a message",
        "coordinator +=+====", *NO_MORE),
    row(POST, "assessments:save_indicator", "edit indicators", "coordinator +-+----", *NO_MORE),
    row(POST, "assessments:remove_indicator", "edit indicators", "coordinator +-+----", *NO_MORE),
    row(POST, "assessments:restore_indicator", "edit indicators", "coordinator +-+----", *NO_MORE),
    row(GET, "assessments:findings", "see linter", *READS_ANSWERS),
    row(GET, "assessments:sight", "see linter", *READS_ANSWERS),
    row(POST, "assessments:findings", "edit answers: AC, CO own categories", "coordinator +-+----", *NO_MORE),
    # --- the agency among itself: 2.1, "Comment in agency thread"
    row(GET, "assessments:part_history", "own agency and AU; never reviewers, CF, CY", *INSIDE),
    row(GET, "assessments:part_history#OP1.mission", "the same", *INSIDE),
    row(GET, "assessments:indicator_history", "the same", *INSIDE),
    row(POST, "assessments:restore_version", "edit answers: AC, CO own categories; in the check parts sent back",
        "coordinator owner ++--+----", *NO_MORE),
    row(GET, "assessments:part_comments", "own agency and AU; never reviewers, CF, CY", *INSIDE),
    row(GET, "assessments:part_comments#OP1.mission", "the same", *INSIDE),
    row(GET, "assessments:indicator_comments", "the same", *INSIDE),
    row(POST, "assessments:add_comment", "AC CO CT AH AA, in every state",
        "coordinator owner contributor head +", *NO_MORE),
    row(POST, "assessments:turn_thread", "who may comment", "coordinator owner contributor head +", *NO_MORE),
    row(POST, "assessments:edit_comment", "its author", *OWN_WORDS),
    row(POST, "assessments:remove_comment", "its author", *OWN_WORDS),
    row(POST, "assessments:presence", "members only", f"{AGENCY} +", *NO_MORE),
    row(GET, "assessments:grid", "names the people of the agency", *INSIDE),
    row(GET, "assessments:mentions", "one's own; empty without any", f"{EVERYBODY} +"),
    row(POST, "assessments:open_mention", "who was mentioned", "head +"),
    row(POST, "assessments:read_mentions", "one's own", "head +", f"{EVERYBODY} ="),
    row(GET, "assessments:readings", "own agency's log: who of OPDC has read", *INSIDE),
    # --- the evidence register: 2.1, 3.5
    row(GET, "assessments:evidence", "see own agency's draft; CF what was handed in", *READS_ANSWERS),
    row(GET, "assessments:evidence_entry", "the same", *READS_ANSWERS),
    row(GET, "assessments:evidence_file", "the same; a download, in the log", *READS_ANSWERS),
    row(GET, "assessments:evidence_preview", "the same", *READS_ANSWERS),
    row(GET, "assessments:evidence_look", "the same, page by page", *READS_ANSWERS),
    row(GET, "assessments:evidence_page", "the same, as a picture", *READS_ANSWERS),
    row(GET, "assessments:frozen_evidence", "with the receipt, from the first submission on", *RECEIPT),
    row(GET, "assessments:cite_evidence", "what an answer cites, to all who read it", *READS_ANSWERS),
    row(POST, "assessments:cite_evidence", "edit answers: AC, CO own categories; a button", "coordinator owner +=+====",
        *NO_MORE),
    row(POST, "assessments:cite_evidence#2.1.1.1", "CO own categories, CT items asked of them",
        "coordinator +=+====", "contributor +==-+----", *NO_MORE),
    row(GET, "assessments:add_evidence", "add: AC CO CT", "coordinator owner contributor +", *NO_MORE),
    row(POST, "assessments:add_evidence", "add: AC CO CT; 3.5 while drafting",
        "coordinator owner contributor +-+----", *NO_MORE),
    row(GET, "assessments:edit_evidence", "replace: AC CO CT", "coordinator owner contributor +", *NO_MORE),
    row(POST, "assessments:edit_evidence", "replace: AC CO CT", "coordinator owner contributor +-+----", *NO_MORE),
    row(GET, "assessments:replace_evidence", "replace: AC CO CT", "coordinator owner contributor +", *NO_MORE),
    row(POST, "assessments:replace_evidence", "replace: AC CO CT", "coordinator owner contributor +-+----", *NO_MORE),
    row(GET, "assessments:withdraw_evidence", "says who may", "coordinator owner contributor +", *NO_MORE),
    row(POST, "assessments:withdraw_evidence", "withdraw: AC; CO CT their own", "coordinator +-+----", *NO_MORE),
    row(POST, "assessments:confirm_link", "a person looked; a button",
        "coordinator owner contributor +=+====", *NO_MORE),
    row(POST, "assessments:begin_upload", "add: AC CO CT", "coordinator owner contributor +-+----", *NO_MORE),
    row(POST, "assessments:upload", "one's own upload", "coordinator +-+----", *NO_MORE),
    row(GET, "assessments:workbook", "who reads the answers has them as a file", *READS_ANSWERS),
    row(POST, "assessments:workbook_download", "a download, in the log", *READS_ANSWERS),
    row(POST, "assessments:workbook_upload", "whoever writes a category; told why when closed",
        "coordinator owner +=+====", "contributor +==-+----", *NO_MORE),
    row(GET, "assessments:workbook_import", "one's own upload", "coordinator +", *UPLOADED),
    row(POST, "assessments:workbook_import", "one's own upload; told why when closed", "coordinator +=+====",
        *UPLOADED),
    # --- who writes what by when, and the people of an agency: 2.1 "Assign owners, contributors, viewers"
    row(GET, "assessments:todo", "one's own work; empty without any", f"{EVERYBODY} +"),
    row(GET, "assessments:ask", "AC, AH any item; CO own categories", "coordinator owner head +", *NO_MORE),
    row(POST, "assessments:ask", "the same, until it is submitted", "coordinator owner head +++=+====", *NO_MORE),
    row(GET, "assessments:asked", "names the people of the agency", *INSIDE),
    row(POST, "assessments:asked", "AC, AH any item; CO own categories", "coordinator head +++=+====", *NO_MORE),
    row(POST, "assessments:take_back_asked", "the same; a button", "coordinator head +++=+====", *NO_MORE),
    row(GET, "assessments:category_due", "AC, AH; CO own categories", "coordinator owner head +", *NO_MORE),
    row(POST, "assessments:category_due", "the same", "coordinator owner head +++=+====", *NO_MORE),
    row(GET, "assessments:people", "who is what: members, CY, AU", f"{AGENCY} administrator auditor +"),
    row(GET, "assessments:add_person", "AC, AH; CO contributors; CY", f"{KEEPERS} owner +", *OTHER_MEMBERS),
    row(POST, "assessments:add_person", "the same; here a contributor", f"{KEEPERS} owner +", *OTHER_MEMBERS),
    row(GET, "assessments:member", "who is what", f"{AGENCY} administrator auditor +"),
    row(POST, "assessments:member", "AC, AH, CY; CO not one who writes elsewhere, too", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(POST, "assessments:end_member", "the same", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(POST, "assessments:tell_member", "the same: their mail once more", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(GET, "assessments:hand_over", "AC, AH, CY", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(POST, "assessments:hand_over", "AC, AH, CY", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(GET, "assessments:hand_back", "AC, AH, CY", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(POST, "assessments:hand_back", "AC, AH, CY", f"{KEEPERS} +", *OTHER_MEMBERS),
    row(GET, "assessments:work_pack", "AC, AH, and the person; CY reads no draft", "coordinator head contributor +",
        *OTHER_MEMBERS),
    row(GET, "assessments:printed", "who reads the answers sees where a print comes in", *READS_ANSWERS),
    row(POST, "assessments:printed_upload", "whoever writes a category; told why when closed",
        "coordinator owner +=+====", "contributor +==-+----", *NO_MORE),
    row(GET, "assessments:printed_import", "one's own print", "coordinator +", *UPLOADED),
    row(POST, "assessments:printed_import", "one's own print; told why when closed", "coordinator +=+====",
        *UPLOADED),
    row(POST, "assessments:printed_undo", "one's own import; told why when closed", "coordinator +=+====",
        *UPLOADED),
    # --- reviewers mark: 2.2, 3.3
    row(GET, "reviews:queue", "one's own cases; empty without any", f"{EVERYBODY} +"),
    row(GET, "reviews:start", "the name of the agency and what is asked; declare conflict: RV, LR", *MARKS),
    row(POST, "reviews:start", "declares no conflict; T10 content opens to them only",
        f"{TEAM} ...+===", "tied ...----"),
    row(GET, "reviews:step_aside", "the same", *MARKS),
    row(POST, "reviews:step_aside", "until consensus", f"{TEAM} ...+===", "tied ...----"),
    row(GET, "reviews:next", "see handed-in answers: assigned, no conflict", *MARKS),
    row(GET, "reviews:topic", "the same", *MARKS),
    row(GET, "reviews:topic#7.1", "the same, indicators", *MARKS),
    row(GET, "reviews:profile", "the same", *MARKS),
    row(GET, "reviews:sight", "the same", *MARKS),
    row(GET, "reviews:evidence", "the same, as frozen", *MARKS),
    row(GET, "reviews:evidence_file", "the same; a download, in the log", *MARKS),
    row(GET, "reviews:evidence_preview", "the same", *MARKS),
    row(GET, "reviews:evidence_look", "the same, page by page", *MARKS),
    row(GET, "reviews:evidence_page", "the same, as a picture", *MARKS),
    row(GET, "reviews:print", "the same, on paper, as frozen", *MARKS),
    row(POST, "reviews:print", "the same; each their own", *MARKS),
    row(GET, "reviews:print_status", "one's own", "reviewer ...++++", "tied ...----"),
    row(GET, "reviews:print_file", "one's own; a download, in nobody's agency", "reviewer ...++++", "tied ...----"),
    row(GET, "reviews:hand_in", "the same", *MARKS),
    row(POST, "reviews:hand_in", "own marks; twice is once; a lead without marks has none",
        "reviewer ...+===", "handed_in ...====", "lead tied ...----"),
    row(GET, "reviews:go", "the same", *MARKS),
    row(POST, "reviews:undo", "one's own mark, before own hand-in; told why when closed",
        "reviewer ...+===", "handed_in lead ...====", "tied ...----"),
    row(POST, "reviews:siblings", "the same", "reviewer ...+===", "handed_in lead ...====", "tied ...----"),
    row(POST, "reviews:compose", "stores nothing", f"{TEAM} ...====", "tied ...----"),
    row(GET, "reviews:phrases", "one's own and one's team's", *MARKS),
    row(POST, "reviews:phrases", "one's own", *MARKS),
    row(POST, "reviews:remove_phrase", "one's own; another's personal one is not there", "reviewer ...++++",
        "tied ...----"),
    row(POST, "reviews:ask_ticket", "open clarification ticket: who marks, before own hand-in",
        "reviewer ...+===", "handed_in ...====", "lead tied ...----"),
    row(POST, "reviews:weigh_ticket", "the same; what the agency added in time",
        "reviewer ...+===", "handed_in ...====", "lead tied ...----"),
    row(GET, "reviews:clarifications", "own agency and AU; the officer on the page of the case", *INSIDE),
    row(GET, "reviews:clarify", "the same", f"{AGENCY} auditor ...++++", *INSIDE[1:]),
    row(POST, "reviews:clarify", "answer clarification ticket: AC, CO own categories; late is kept as late",
        "coordinator owner ...++++", f"{AGENCY} auditor ...----", *INSIDE[1:]),
    row(POST, "reviews:mark", "mark: assigned, before own hand-in; who stepped aside gets the text back",
        "reviewer ...+---", "handed_in lead tied recused ...----"),
    # --- consensus and report: 2.2, 3.5
    row(GET, "reviews:consensus", "others' marks after own are in; LR, AU; CF and CY not", *SETTLED),
    row(GET, "reviews:decide", "the same", *SETTLED),
    row(POST, "reviews:decide", "decide stalemate: LR", "lead ...-+==", *LEADS),
    row(GET, "reviews:earlier", "the same; totals name no agency", *SETTLED),
    row(GET, "reviews:weighing", "disagreement and drift: LR, AU", "lead ...-+++", "reviewer handed_in tied ...----",
        "auditor ----+++", "officer .------", "administrator -"),
    row(GET, "reviews:finish", "T13 LR", "lead ...-+++", *LEADS),
    row(POST, "reviews:finish", "T13 LR", "lead ...-+==", *LEADS),
    row(GET, "reviews:reopen", "T13 undo before release: CY", "administrator +", "auditor -", "officer .------"),
    row(POST, "reviews:reopen", "T13 undo before release: CY", "administrator =====+====", "auditor -",
        "officer .------"),
    row(GET, "reviews:feedback", "report draft: LR writes, team and AU read", *SETTLED),
    row(GET, "reviews:appeals", "decide appeal: LR; its team and AU read", *SETTLED),
    row(POST, "reviews:decide_appeal", "decide appeal: LR", "lead ...-...+=.", "auditor ----...--.",
        "reviewer handed_in ...-...--.", "tied ...-------", "officer .---------", "administrator -"),
    row(POST, "reviews:save_section", "write report draft: LR until release", "lead ...-++-", *LEADS),
    row(GET, "results:draft_report", "report draft as printed: its team and AU", *SETTLED),
    row(GET, "reviews:vetting", "second reader: CF, CY, another LR; the lead and AU read", "lead ...-+++",
        "reviewer handed_in tied ...----", "administrator auditor ----+++", "officer .---+++"),
    row(POST, "reviews:confirm_vetting", "second reader: CF, CY, LR who wrote nothing; until release", "lead ...-=+=",
        "reviewer handed_in tied ...----", "administrator ----=+=", "officer .---=+=", "auditor -"),
    row(POST, "reviews:propose_wording", "the same", "lead ...-=+=", "reviewer handed_in tied ...----",
        "administrator ----=+=", "officer .---=+=", "auditor -"),
    row(POST, "reviews:settle_wording", "LR decides on wording", "lead ...-+++", "reviewer handed_in tied ...----",
        "administrator auditor -", "officer .------"),
    row(POST, "reviews:sign_texts", "sign the report: LR until release", "lead ...-=+=",
        "reviewer handed_in tied ...----", "administrator auditor -", "officer .------"),
    # --- OPDC runs the case: 2.2
    row(GET, "reviews:cases", "status of all cases", "officer administrator auditor +", f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:cycle_weighing", "disagreement in totals", "officer administrator auditor +",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:case", "CF sees a case from SUBMITTED", "administrator auditor +", "officer .++++++",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:case_tickets", "tickets: CF, CY and AU follow", "administrator auditor +", "officer .++++++",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:assign", "assign reviewer: CY", "administrator =+=+===", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:withdraw", "remove reviewer: CY; nobody to remove in a draft", "administrator .+=+===",
        "auditor .------", "officer .------", f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:replace", "remove and assign: CY; nobody to replace in a draft", "administrator .++++++",
        "auditor -", "officer .------", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:replace", "remove and assign: CY", "administrator .+=+===", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:stand_in", "assign reviewer: CY", "administrator +", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:stand_in", "assign reviewer: CY; nothing to give without an abstention", "administrator =",
        "auditor -", "officer .------", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:waive", "the same", "administrator =+=+===", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:divide", "assign reviewer: CY", "administrator +", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:divide", "assign reviewer: CY; nothing is taken away once the review is open",
        "administrator =+=====", "auditor -", "officer .------", f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:set_aside", "others' marks: AU alone", "auditor +", "administrator -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:teams", "assign reviewer: CY", "administrator +", "officer auditor -", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:propose_teams", "a preview", "administrator =", "officer auditor -", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:preview_teams", "a preview", "administrator =", "officer auditor -", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:apply_teams", "assign reviewer: CY", "administrator +", "officer auditor -",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:undo_teams", "assign reviewer: CY", "administrator +", "officer auditor -",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:sample", "assign reviewer: CY", "administrator +", "officer auditor -", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:draw_sample", "a preview", "administrator =", "officer auditor -", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:apply_sample", "assign reviewer: CY", "administrator =", "officer auditor -",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:teams_csv", "a download, in the log", "administrator +", "officer auditor -",
        f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:loads", "review of reviewers: OPDC", "officer administrator auditor +", f"{OUTSIDE_OPDC} -"),
    row(GET, "reviews:name_lead", "assign reviewer: CY", "administrator +", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:name_lead", "another lead for appeals: CY", "administrator ======++==", "auditor -",
        "officer .------", f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:open_review", "T10 CY", "administrator =+=====", "auditor -", "officer .------",
        f"{OUTSIDE_OPDC} -"),
    row(POST, "reviews:send_back", "return for correction: CF, CY; T9 before it was opened",
        "administrator =+=====", "officer .+=====", "auditor -", f"{OUTSIDE_OPDC} -"),
    # --- results: 2.2, 2.3
    row(GET, "results:index", "lists what one may open; empty without any", f"{EVERYBODY} +"),
    row(GET, "results:dashboard", "published results as a whole: CY, AU, EX", *DASHBOARD),
    row(GET, "results:dashboard_page", "the same", *DASHBOARD),
    row(GET, "results:season", "how far a cycle is, in states only: CF, CY, AU",
        "officer administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:dashboard_csv", "the same; a download, in the log; of a single result EX is told nothing",
        "administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:benchmark", "one's own among others of the kind: the agency, CY, AU",
        f"{AGENCY} administrator auditor ------+", f"{TEAM} ...----", "tied ...----", "officer .------",
        "executive ......-"),
    row(GET, "results:result", "T14; before release CY and AU only", *RESULT),
    row(GET, "results:topic", "the same", *RESULT),
    row(GET, "results:topic#7.1", "the same, indicators", *RESULT),
    row(GET, "results:explain", "the same", *RESULT),
    row(GET, "results:roadmap", "the same, by dimensions", *RESULT),
    row(GET, "results:roadmap#draft", "what is claimed now, for who reads the answers", *READS_ANSWERS),
    row(GET, "results:roadmap_dimension", "the same", *RESULT),
    row(GET, "results:explain#draft", "what is claimed now, for who reads the answers", *READS_ANSWERS),
    row(GET, "results:explain#before-appeals", "as it was told first, for who reads the appeals", *APPEALS),
    row(GET, "results:last_year", "own draft beside one's own last result", *READS_ANSWERS),
    row(GET, "results:appeals", "who reads the preliminary result", *APPEALS),
    row(GET, "results:ask_again", "file an appeal: AC AH", "coordinator head ------++++", *NOT_THEIRS),
    row(POST, "results:ask_again", "file an appeal: AC AH, once for a part, in its window",
        "coordinator head ------+===", *NOT_THEIRS),
    row(POST, "results:withdraw_appeal", "withdraw an appeal: AC AH, until it is decided",
        "coordinator head ------.+=.", f"{AGENCY} ------.--.", "administrator auditor ------.--.",
        f"{TEAM} ...---.--.", "tied ...-------", "officer .-----.--."),
    row(GET, "results:release", "preliminary results of a cycle: CY, AU reads", "administrator auditor +",
        f"{EVERYBODY} -"),
    row(POST, "results:release", "T14 CY, the first of two", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:confirm_release", "T14 CY, the second of two", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:withdraw_release", "either of the two", "administrator +", f"{EVERYBODY} -"),
    row(GET, "results:issue_status", "the same as its page", "administrator auditor +", f"{EVERYBODY} -"),
    row(POST, "results:issue", "T18 CY, for all whose result is final", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:issue_at", "T18 CY, at a set time", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:cancel_issue", "CY, until the time has come", "administrator +", f"{EVERYBODY} -"),
    # Where agencies stand. In the world the agency has a published result besides.
    row(GET, "results:standing", "own agency, CY, AU; CF and EX once a result is published; who judges: no",
        *STANDS),
    row(GET, "results:standing_csv", "the same; a download, in the log", *STANDS),
    row(GET, "results:next_best", "own draft; CY, CF and EX what they read of its result", *FORECAST),
    row(GET, "results:what_if", "the same", *FORECAST),
    row(POST, "results:what_if", "the same; nothing is ever written",
        f"{AGENCY} auditor =", f"{TEAM} tied ...-------", "officer .-----====", "administrator ------====",
        "executive ......="),
    row(GET, "results:groups", "groups and targets of a cycle: CY, AU reads", "administrator auditor +",
        f"{EVERYBODY} -"),
    row(GET, "results:groups_csv", "the same; a download, in the log", "administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:targets", "the same", "administrator auditor +", f"{EVERYBODY} -"),
    row(POST, "results:targets", "anchors of a cycle: CY", "administrator +", f"{EVERYBODY} -"),
    row(GET, "results:framework", "announced, hence for everybody", f"{EVERYBODY} +"),
    row(GET, "results:edit_framework", "weights of the yearly assessment: CY", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:edit_framework", "the same", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:drop_framework", "the same; none of its own is no change", "administrator =",
        f"{EVERYBODY} -"),
    row(GET, "results:choose_type", "an agency without a score of last year: CY", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:choose_type", "the same", "administrator +", f"{EVERYBODY} -"),
    row(GET, "results:reviewed_before", "beside the answers that are judged: assigned, no conflict", *MARKS),
    row(GET, "results:publish", "release: CY", "administrator +", *NO_RESULT),
    row(POST, "results:publish", "release: CY; twice is once", "administrator =====+==+=", *NO_RESULT),
    row(GET, "results:correct", "T26 CY", "administrator ------+", *NO_RESULT),
    row(POST, "results:correct", "T26 CY", "administrator ------+", *NO_RESULT),
    row(GET, "results:stage_two", "score of stage 2: CY, AU reads", "administrator auditor ------+", *NO_RESULT),
    row(POST, "results:stage_two", "CY, two persons", "administrator ------+", *NO_RESULT),
    row(POST, "results:confirm_stage_two", "CY, the second person", "administrator ------+", *NO_RESULT),
    row(POST, "results:decline_stage_two", "the same", "administrator ------+", *NO_RESULT),
    row(POST, "results:take_back_stage_two", "CY, one's own", "administrator ------+", *NO_RESULT),
    row(GET, "results:forms", "who reads the result has it on the forms", *DOWNLOAD),
    row(POST, "results:forms", "the same", *DOWNLOAD),
    row(GET, "results:form_status", "the same", *DOWNLOAD),
    row(GET, "results:form_file", "the same; a download, in the log", *DOWNLOAD),
    row(GET, "results:report", "who reads the result has its report", *DOWNLOAD),
    row(GET, "results:revisions", "what was corrected, and why", *DOWNLOAD),
    row(GET, "results:report_status", "the same", *DOWNLOAD),
    row(GET, "results:minister", "who reads the result reads it on one page", *DOWNLOAD),
    row(GET, "results:document", "the same; a download, in the log", *DOWNLOAD),
    row(GET, "results:document_status", "the same", *DOWNLOAD),
    row(GET, "results:explain_edition", "the same, also of an edition that was corrected", *DOWNLOAD),
    row(GET, "results:edition_file", "the same, also of an edition that was corrected", *DOWNLOAD),
    row(POST, "results:order_document", "the agency, CF, CY", f"{AGENCY} administrator ------+",
        f"{TEAM} tied ...----", "officer .-----+", "auditor -", "executive ......-"),
    row(POST, "results:order_document#minister", "the same, and executives", f"{AGENCY} administrator ------+",
        f"{TEAM} tied ...----", "officer .-----+", "auditor -", "executive ......+"),
    row(GET, "results:scores_csv", "the same", *DOWNLOAD),
    row(GET, "results:result_json", "the same", *DOWNLOAD),
    row(GET, "results:result_xlsx", "the same", *DOWNLOAD),
    row(GET, "results:exports", "export all scores of a cycle: CY AU", "administrator auditor +", f"{EVERYBODY} -"),
    row(POST, "results:exports", "the same; the order is in the log", "administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:export_status", "the same", "administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:export_file", "the same; a download, in the log", "administrator auditor +", f"{EVERYBODY} -"),
    row(GET, "results:opening", "what is open: CY, AU reads", "administrator auditor +", f"{EVERYBODY} -"),
    row(POST, "results:opening", "open the public part: CY", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:close_open_data", "close it: CY", "administrator +", f"{EVERYBODY} -"),
    row(GET, "results:open_data", "PU, where it is opened", f"anonymous {EVERYBODY} +"),
    row(GET, "results:open_json", "the same", f"anonymous {EVERYBODY} +"),
    row(GET, "results:open_csv", "the same", f"anonymous {EVERYBODY} +"),
    # --- the improvement plan: 2.1, "Improvement cards, 6/12-month follow-up"
    row(GET, "results:library", "every agency and OPDC", *LIBRARY),
    row(GET, "results:library_entry", "the same; one that is not shown is not there", *LIBRARY),
    row(POST, "results:hide_entry", "CY, with a reason", "administrator +", f"{EVERYBODY} -"),
    row(POST, "results:show_entry", "CY; hidden it is its owner's, CY's and AU's", "administrator +",
        f"{AGENCY} auditor {TEAM} nobody recused elsewhere -"),
    row(GET, "results:sharing", "own agency, CY AU", *SHARING),
    row(GET, "results:share_highlight", "the same; says who may", *SHARING),
    row(POST, "results:share_highlight", "AC, AH", "coordinator head ------+", *NOT_THEIRS),
    row(POST, "results:take_back", "AC, AH", "coordinator head ------+", *NOT_THEIRS),
    row(GET, "results:plan", "own agency, RV LR of the case, CF CY AU", *PLAN),
    row(GET, "results:plan_card", "the same", *PLAN),
    row(POST, "results:plan_card", "AC, CO own categories, whoever is responsible", "coordinator owner ------+",
        *NO_PLAN),
    row(GET, "results:add_card", "AC, CO own categories", "coordinator owner ------+", *NO_PLAN),
    row(POST, "results:add_card", "the same", "coordinator owner ------+", *NO_PLAN),
    row(POST, "results:approve_plan", "approve: AH, the plan as it was read", "head ------+", *NO_PLAN),
    row(GET, "results:plan_pdf", "who reads the plan; a download, in the log", *PLAN),
    row(GET, "results:plan_xlsx", "the same", *PLAN),
    row(GET, "results:follow_up", "the same", *PLAN),
    row(POST, "results:save_progress", "AC, CO own categories, whoever is responsible", "coordinator owner ------+",
        *NO_PLAN),
    row(POST, "results:submit_follow_up", "AC AH; twice is once", "coordinator head ------+", *NO_PLAN),
    row(POST, "results:save_reply", "LR of the case, CF", "lead ...---+", "officer .-----+",
        *NO_PLAN),
    row(GET, "results:follow_ups", "CF CY AU of all agencies, LR of the own cases",
        "officer administrator auditor lead +", f"{EVERYBODY} -"),
    row(GET, "results:follow_ups_csv", "the same; a download, in the log",
        "officer administrator auditor lead +", f"{EVERYBODY} -"),
    row(POST, "results:retry_report", "the agency, CF, CY", f"{AGENCY} administrator ------+",
        f"{TEAM} tied ...----", "officer .-----+", "auditor -", "executive ......-"),
)  # fmt: skip

# Not ours: their views come from allauth and Django, and act on nobody but the person who calls them.
OWN_ACCOUNT = ("account_", "mfa_")
# Pages of the admin site that belong to no model, with their own tests below.
ADMIN = {
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    "admin:autocomplete", "admin:jsi18n", "admin:view_on_site", "admin:app_list", "admin:auth_user_password_change",
}  # fmt: skip
# What the administrator may do to the rows of a model: add, change, delete. The auditor reads all of them.
ADMIN_MODELS = {
    "accounts_ministry": "add change delete",
    "accounts_agency": "add change delete",
    "accounts_user": "add change delete",
    "accounts_membership": "add change delete",
    "accounts_appointment": "add change delete",
    "accounts_logentry": "",
    "jobs_job": "",
    "criteria_edition": "",
    "assessments_cycle": "add change",
    "assessments_assessment": "",
    "reviews_assignment": "add",
    "reviews_reviewerprofile": "add change delete",
    "results_resultsheet": "",
}


def _tried(entry: Row):
    return pytest.param(entry, id=f"{entry.method}-{entry.route}")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with cases.kept(django_db_blocker) as built:
        yield built


def test_every_route_has_a_row():
    known = {entry.route.partition("#")[0] for entry in ROWS} | ADMIN
    known |= {
        f"admin:{label}_{page}"
        for label in ADMIN_MODELS
        for page in ("changelist", "add", "history", "delete", "change")
    }
    found = {name for name in routes.named_routes() if not name.startswith(OWN_ACCOUNT)}
    assert found - known == set(), "routes without a row"
    assert known - found == set(), "rows without a route"


def test_every_line_names_roles_that_exist():
    for entry in ROWS:
        named = [role for line in entry.lines for role in line.split()[:-1]]
        assert set(named) <= set(ROLES), entry
        wanted = {1} | {length - less for length in (SHORT, len(STATES)) for less in (0, len(BEFORE_SIGNING))}
        assert all(len(line.split()[-1]) in wanted for line in entry.lines), entry


@pytest.fixture
def _blank_pages(monkeypatch):
    """Who gets in is settled before a page is drawn; what stands on the pages is for test_leaks and test_queries."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: SafeString(""))


def outcome(result: cases.Visit, method: str) -> str:
    status, where = result.response.status_code, result.response.headers.get("Location", "")
    if status == 403 and set(result.wrote) <= LOG:
        return "-"
    if status == 401 or where.startswith(reverse("account_login")):
        return "log-in"
    if status in (403, 404):
        return {403: "-", 404: "."}[status] + ("!" if result.wrote else "")
    if method == "GET":
        return "+" if status in (200, 302) else f"{status}"
    if result.wrote:
        return "+" if status in (200, 302) else f"{status}!"
    return "=" if status in (200, 302, 409, 422) else f"{status}"


@pytest.mark.usefixtures("_blank_pages")
@pytest.mark.parametrize("entry", [_tried(entry) for entry in ROWS])
def test_matrix(entry: Row, world: World):
    cases.print_report()
    wrong = []
    for state in STATES if routes.is_of_a_case(entry.route) else STATES[:1]:
        case = world.cases[state]
        url = routes.address(world, entry.route, case)
        data = routes.posted(world, entry.route, case) if entry.method == POST else {}
        for role in ROLES:
            is_like_others = not entry.signs(role) or (role in READERS and entry.method == GET)
            if is_like_others and state not in A_FEW_STATES:
                continue
            wanted = entry.expected(role, state)
            if role == "anonymous" and wanted == ".":
                wanted = "log-in"
            with cases.undone():
                if entry.method == POST:
                    routes.prepare(world, entry.route, state)
                # Routes that answer a script say the same as JSON, without drawing the page again.
                result = visit(world.client(role), entry.method, url, data, Accept="application/json")
            got = outcome(result, entry.method)
            if got != wanted:
                wrong.append(
                    f"{state:15} {role:14} wanted {wanted}  got {got} ({result.response.status_code})"
                )
    assert not wrong, "\n".join([f"{entry.method} {entry.route}", *wrong])


# --- the administration -----------------------------------------------------------------------


# Rows that nobody may delete any more, where others may be.
IN_USE = {
    "reviews_assignment": {"opened_at__isnull": False},
    "assessments_cycle": {"assessments__isnull": False},
}


def _some_row(label: str) -> int:
    rows = routes.admin_models()[label].objects.filter(**IN_USE.get(label, {}))
    return rows.values_list("pk", flat=True).first()


def test_the_administration_has_a_row_for_every_model():
    assert set(routes.admin_models()) == set(ADMIN_MODELS)


@pytest.mark.parametrize("label", ADMIN_MODELS)
def test_administration(label, world):
    may = {"administrator": ADMIN_MODELS[label].split(), "auditor": []}
    pk = _some_row(label)
    wrong = []
    for role in ROLES:
        for page in ("changelist", "history", "change", "add", "delete"):
            url = routes.admin_address(label, page, pk if page in ("history", "change", "delete") else None)
            for method in ("GET", "POST"):
                if method == "POST" and page in ("changelist", "history"):
                    continue
                is_open = role in may and (page in may[role] or page not in ("add", "delete"))
                if method == "POST":
                    is_open = role in may and page in may[role]
                result = visit(world.client(role), method, url)
                status, where = result.response.status_code, result.response.headers.get("Location", "")
                got = "away" if where.startswith(reverse("admin:login")) else status
                if status == 302 and result.wrote:
                    got = 200
                # An empty form is shown again with what is missing, or stored where nothing is asked for.
                wanted = 200 if is_open else (403 if role in may else "away")
                if got != wanted or (result.wrote and not is_open):
                    wrong.append(f"{role:14} {method} {page}: wanted {wanted}, got {got} {result.wrote}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_the_front_of_the_administration(role, world):
    for name in ("admin:index", "admin:password_change_done"):
        response = visit(world.client(role), "GET", reverse(name)).response
        if role in ("administrator", "auditor"):
            assert response.status_code == 200
        else:
            assert response.headers["Location"].startswith(reverse("admin:login"))
    app = visit(world.client(role), "GET", reverse("admin:app_list", args=["accounts"])).response
    assert (app.status_code == 200) is (role in ("administrator", "auditor"))


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role not in ("anonymous", "administrator", "auditor")]
)
def test_who_does_not_belong_to_the_administration_is_told_so(role, world):
    """Not sent in a circle between two log-in pages."""
    assert visit(world.client(role), "GET", reverse("admin:login")).response.status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_names_are_completed_for_the_administration_only(role, world):
    query = {"app_label": "accounts", "model_name": "membership", "field_name": "user", "term": "secret"}
    response = visit(world.client(role), "GET", reverse("admin:autocomplete"), query).response
    assert (response.status_code == 200) is (role in ("administrator", "auditor"))
    assert role in ("administrator", "auditor") or b"secret-" not in response.content


@pytest.mark.parametrize("role", ["coordinator", "officer", "auditor", "executive"])
def test_only_the_administrator_sets_the_password_of_another(role, world):
    url = reverse("admin:auth_user_password_change", args=[world.people["head"].pk])
    data = {"password1": "another correct battery", "password2": "another correct battery"}
    result = visit(world.client(role), "POST", url, data)
    assert result.response.status_code in (302, 403)
    assert result.wrote == ()
