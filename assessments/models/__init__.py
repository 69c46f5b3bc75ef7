"""The tables of this app. Who only needs a model imports it from here."""

from assessments.models.applications import Application, award_words
from assessments.models.assessment import (
    EDITABLE,
    HANDED_OVER,
    PRELIMINARY,
    SIGNERS,
    WITH_AGENCY,
    Answer,
    AnswerRevision,
    Assessment,
    Claim,
    Cycle,
    Indicator,
    Status,
    StatusChange,
    Submission,
)
from assessments.models.duties import AskedItem, CategoryDue, HandOver
from assessments.models.evidence import Citation, Evidence, EvidenceVersion, Upload
from assessments.models.extensions import Extension
from assessments.models.findings import FindingReply
from assessments.models.printed import PrintImport
from assessments.models.prints import Form, Print
from assessments.models.readings import Reading
from assessments.models.signing import PartCheck, PartNote, Proposal
from assessments.models.threads import Comment, Mention, Presence, Thread
from assessments.models.workbooks import WorkbookImport

__all__ = [
    "EDITABLE", "HANDED_OVER", "PRELIMINARY", "SIGNERS", "WITH_AGENCY",
    "Answer", "AnswerRevision", "Application", "AskedItem", "Assessment", "CategoryDue", "Citation", "Claim", "Comment",
    "Cycle", "Evidence", "EvidenceVersion", "Extension", "FindingReply", "Form", "HandOver", "Indicator",
    "Mention", "PartCheck", "PartNote", "Presence", "Print", "PrintImport", "Proposal", "Reading", "Status",
    "StatusChange", "Submission", "Thread", "Upload", "WorkbookImport", "award_words",
]  # fmt: skip
