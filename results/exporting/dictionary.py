"""The data dictionary: every table and column that leaves as data, with its meaning. Plain data, no Django.

Heads of columns, the dictionary in each file, and docs/exports.md are made from it. A file is read for years: a
column that changes its meaning gets another name, and `SCHEMA` goes up.
"""

from dataclasses import dataclass, replace

SCHEMA = 1

# Types. A score has two decimals, a number is exactly as it was typed; neither is ever rounded again.
TEXT, CODE, INTEGER, SCORE, NUMBER, MOMENT, DAY, FLAG = (
    "text", "code", "integer", "score", "number", "date-time", "date", "true/false"
)  # fmt: skip
FIGURES = (INTEGER, SCORE, NUMBER)

# What else a file says, whoever ordered it in whatever language.
ABOUT = "เกี่ยวกับไฟล์นี้"
DOES_NOT_FIT = "ข้อความนี้ยาวเกินช่องของ Excel จึงไม่ได้ใส่ไว้ อ่านทั้งหมดได้ในไฟล์ CSV หรือ JSON"
OPEN_TITLE = "ผลการประเมิน PMQA 4.0 {cycle}"
OPEN_PUBLISHER = "สำนักงาน ก.พ.ร."

POINTS = "คะแนน 0–500 / points 0–500"
_LEVELS = "basic, advance, significance; ว่าง = ยังไม่ถึงระดับ / empty = none"
_OUTCOMES = "pass = ผ่าน, fail = ไม่ผ่าน"
_YEAR = "พ.ศ. / Buddhist era"
SHEET, SUBMISSION, PUBLIC = "result sheet", "submission", "published results"
# What no sheet has frozen: as the page of the cycle had it at the moment that `about` names.
OF_ORDER = "as of the order / ณ เวลาที่สั่งไฟล์ (as_of)"


@dataclass(frozen=True, slots=True)
class Column:
    """`unit` names the unit, or the values that there can be; `source`, where it is not that of its table."""

    name: str
    th: str
    en: str
    type: str = TEXT
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`source` is what the rows are read from: a frozen result sheet, a frozen submission, the published results, or
    what the cycle had at the moment of the order."""

    name: str
    th: str
    en: str
    source: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


_KEY = (
    Column("agency_code", "รหัสหน่วยงาน", "Code of the agency", CODE),
    Column("year", "ปีงบประมาณ", "Fiscal year of the cycle", INTEGER, _YEAR),
    Column("revision", "ผลครั้งที่", "Revision of the result; a correction has the next number", INTEGER),
)
_FROZEN_KEY = tuple(replace(column, source=SHEET) for column in _KEY)
_OUTCOME = Column("outcome", "ผลการตรวจ", "What the consensus decided", CODE, _OUTCOMES)


def _table(name: str, th: str, en: str, *columns: Column, source: str = SHEET) -> Table:
    return Table(name, th, en, source, (*_KEY, *columns))


AGENCIES = _table(
    "agencies", "หน่วยงาน", "One row for each published result",
    Column("agency_name", "หน่วยงาน", "Name of the agency"),
    Column("agency_name_en", "หน่วยงาน (อังกฤษ)", "Name of the agency in English"),
    Column("ministry", "กระทรวง", "Ministry"),
    Column("cycle", "รอบการประเมิน", "Name of the cycle"),
    Column("edition", "ฉบับของเกณฑ์", "Edition of the criteria", CODE),
    Column("policy", "หลักเกณฑ์การให้คะแนน", "Scoring policy", CODE),
    Column("policy_version", "รุ่นของหลักเกณฑ์", "Version of the scoring policy", INTEGER),
    Column("is_partial", "ข้อมูลบางส่วน", "Read from a printed form that did not hold everything", FLAG),
    Column("claimed_total", "คะแนนประเมินตนเอง", "Total by the agency itself", SCORE, POINTS),
    Column("claimed_level", "ระดับประเมินตนเอง", "Level of that total", CODE, _LEVELS),
    Column("verified_total", "คะแนนจากผู้ตรวจ", "Total after the review", SCORE, POINTS),
    Column("verified_level", "ระดับจากผู้ตรวจ", "Level of that total", CODE, _LEVELS),
    Column("applied_for", "สมัครรางวัล", "Award that the agency applies for; empty = none", CODE,
           "whole = ทั้งรางวัล, categories = รายหมวด"),
    Column("applied_categories", "หมวดที่สมัคร", "Codes of the categories applied for, with spaces between", CODE),
    Column("stage_two_score", "คะแนนขั้นที่ 2", "Score of the Application Report; empty = none. On a scale of its own, "
           "never to be added to the totals", NUMBER, "0–stage_two_scale"),
    Column("stage_two_scale", "คะแนนเต็มขั้นที่ 2", "Full score of stage 2", INTEGER),
    Column("stage_two_decided_on", "มติขั้นที่ 2 เมื่อ", "Day on which the score of stage 2 was decided", DAY),
    Column("stage_two_decided_by", "มติขั้นที่ 2 โดย", "Body that decided it"),
    Column("submission_number", "ส่งครั้งที่", "Number of the submission that was judged", INTEGER),
    Column("submitted_at", "ส่งเมื่อ", "When it was submitted", MOMENT),
    Column("submission_digest", "ค่าแฮชของฉบับที่ส่ง", "SHA-256 of the submission", CODE),
    Column("published_at", "ประกาศเมื่อ", "When the result was published", MOMENT),
    Column("sheet_digest", "ค่าแฮชของผล", "SHA-256 of the frozen result sheet", CODE),
)  # fmt: skip

SCORES = _table(
    "scores", "คะแนน", "Total, categories and topics",
    Column("kind", "ชนิด", "What the score is of", CODE, "total, category, topic"),
    Column("code", "รหัส", "Code of category or topic", CODE),
    Column("name", "ชื่อ", "Name of category or topic"),
    Column("claimed_score", "คะแนนประเมินตนเอง", "Score by the agency itself", SCORE, POINTS),
    Column("claimed_level", "ระดับประเมินตนเอง", "Level that the agency claims", CODE, _LEVELS),
    Column("verified_score", "คะแนนจากผู้ตรวจ", "Score after the review", SCORE, POINTS),
    Column("verified_level", "ระดับจากผู้ตรวจ", "Level after the review", CODE, _LEVELS),
)  # fmt: skip

ANSWERS = _table(
    "answers", "คำตอบ", "What was written into each blank of profile and Form 3, an entry a row",
    Column("code", "รหัสส่วน", "Code of the part or of the profile question", CODE),
    Column("field", "ช่อง", "Key of the blank", CODE),
    Column("label", "ชื่อช่อง", "What the blank asks for"),
    Column("row", "แถวที่", "Entry of a list or row of a table, from 1", INTEGER),
    Column("column", "คอลัมน์", "Column of a table"),
    Column("answer", "คำตอบ", "What the agency wrote"),
)  # fmt: skip

VERDICTS = _table(
    "verdicts", "ผลการตรวจ", "Claim and consensus for each part of categories 1 to 6",
    Column("category", "หมวด", "Code of the category", CODE),
    Column("topic", "หัวข้อ", "Code of the topic", CODE),
    Column("item", "ข้อ", "Code of the item", CODE),
    Column("code", "รหัสส่วน", "Code of the part", CODE),
    Column("question", "คำถาม", "What the part asks"),
    Column("level", "ระดับ", "Level of the part", CODE, "basic, advance, significance"),
    Column("claim", "หน่วยงานแจ้ง", "What the agency claims", CODE,
           "not_started = ยังไม่ดำเนินการ, started = เริ่มแล้ว, done = ดำเนินการแล้ว"),
    _OUTCOME,
    Column("basis", "ที่มาของผล", "Where the outcome comes from", CODE,
           "consensus = ฉันทามติ, imported = นำเข้าจากแบบพิมพ์"),
)  # fmt: skip

COMMENTS = _table(
    "comments", "ความเห็น", "Comments of the consensus; answers without one have no row",
    Column("kind", "ชนิด", "What the comment is about", CODE, "part = ส่วน, indicator = ตัวชี้วัด"),
    Column("code", "รหัส", "Code of the part or indicator", CODE),
    _OUTCOME,
    Column("comment", "ความเห็น", "Comment as the agency reads it"),
)  # fmt: skip

INDICATORS = _table(
    "indicators", "ตัวชี้วัด", "Indicators of category 7",
    Column("topic", "หัวข้อ", "Code of the topic", CODE),
    Column("group", "กลุ่ม", "Number of the group in its topic", INTEGER),
    Column("code", "รหัส", "Code of the indicator", CODE),
    Column("name", "ตัวชี้วัด", "Name of the indicator"),
    Column("unit", "หน่วยนับ", "Unit of target and results"),
    Column("direction", "ทิศทาง", "Which results are better", CODE, "higher_is_better, lower_is_better"),
    Column("target", "ค่าเป้าหมาย", "Target of the last year", NUMBER, "unit"),
    Column("year_1", "ปีที่ 1", "First year of results", INTEGER, _YEAR),
    Column("result_1", "ผลปีที่ 1", "Result of that year; empty = no data", NUMBER, "unit"),
    Column("year_2", "ปีที่ 2", "Second year of results", INTEGER, _YEAR),
    Column("result_2", "ผลปีที่ 2", "Result of that year; empty = no data", NUMBER, "unit"),
    Column("year_3", "ปีที่ 3", "Last year of results, which is scored", INTEGER, _YEAR),
    Column("result_3", "ผลปีที่ 3", "Result of that year; empty = no data", NUMBER, "unit"),
    Column("percent", "ร้อยละของเป้าหมาย", "Last result against the target, one decimal", NUMBER, "ร้อยละ / percent"),
    Column("claimed_score", "คะแนนประเมินตนเอง", "Score of the indicator as handed in", INTEGER, POINTS),
    Column("verified_score", "คะแนนจากผู้ตรวจ", "Score of the indicator after the review", INTEGER, POINTS),
    Column("is_challenging", "เป้าหมายท้าทาย", "Whether the target is challenging; empty = cannot be said", FLAG),
    _OUTCOME,
)  # fmt: skip

FEEDBACK = _table(
    "feedback", "ข้อคิดเห็นในรายงาน", "Texts of the Feedback Report",
    Column("kind", "ชนิด", "Kind of text", CODE,
           "pillar = จุดเด่นตามเสาหลัก, ofi = โอกาสในการปรับปรุง, advice = ข้อแนะนำหมวด 7, "
           "closing = บทสรุป, direction = ทิศทาง"),
    Column("code", "รหัส", "Code of the text", CODE),
    Column("topic", "หัวข้อ", "Topic of an opportunity for improvement", CODE),
    Column("title", "เรื่อง", "Title, or name of the topic"),
    Column("text", "ข้อความ", "Text as published"),
    Column("parts", "จากส่วน", "Codes of the parts that it comes from, with spaces between", CODE),
)  # fmt: skip

EVIDENCE = _table(
    "evidence", "รายการหลักฐาน", "Evidence that the submission cites, as it was handed in; no files",
    Column("number", "เลขที่", "Number in the register of the agency", INTEGER),
    Column("version", "รุ่น", "Version in use at submission", INTEGER),
    Column("kind", "ชนิด", "File or link", CODE, "file, link"),
    Column("title", "ชื่อหลักฐาน", "Title"),
    Column("source_system", "ระบบต้นทาง", "System that it comes from"),
    Column("reference", "เลขอ้างอิง", "Reference there"),
    Column("effective_on", "ลงวันที่", "Date of the document", DAY),
    Column("file_name", "ชื่อไฟล์", "Name of the file as uploaded"),
    Column("size", "ขนาด", "Size of the file", INTEGER, "ไบต์ / bytes"),
    Column("sha256", "ค่าแฮชของไฟล์", "SHA-256 of the file", CODE),
    Column("url", "ลิงก์", "Address, as a text"),
    Column("cited_by", "อ้างโดย", "Codes of the answers that cite it, with spaces between", CODE),
    source=SUBMISSION,
)  # fmt: skip

# Apart from the others, for most of it stands in no sheet.
KPI = Table(
    "kpi", "ค่าเป้าหมายตัวชี้วัด", "Target type, targets, attainment and weight of PMQA 4.0 in the yearly assessment, "
    "one row for each published result", OF_ORDER,
    (
        *_FROZEN_KEY,
        Column("last_score", "คะแนนปีก่อน", "Total of the latest result of the year before, in the same track; "
               "empty = none", SCORE, POINTS),
        Column("last_group", "กลุ่มคะแนนปีก่อน", "Score group of last year's total", INTEGER, "1, 2, 3, 4"),
        Column("kpi_type", "ประเภท", "Target type by last year's total or as chosen; empty = not decided", INTEGER,
               "1, 2, 3"),
        Column("is_overlapping", "ช่วงคาบเกี่ยว", "Whether the published tables disagree about last year's total", FLAG),
        Column("is_chosen", "ผู้ดูแลระบบกำหนด", "Whether an administrator chose the type, where there is no total of last "
               "year", FLAG),
        Column("chosen_base", "คะแนนฐานที่กำหนด", "Score that was chosen with the type, on which its targets rest",
               SCORE, POINTS),
        Column("chosen_because", "เหตุผลที่กำหนด", "Why the type was chosen"),
        Column("target_50", "ค่าเป้าหมาย 50", "Total that attains 50", SCORE, POINTS),
        Column("target_75", "ค่าเป้าหมาย 75", "Total that attains 75; type 1 has none", SCORE, POINTS),
        Column("target_100", "ค่าเป้าหมาย 100", "Total that attains 100", SCORE, POINTS),
        Column("verified_total", "คะแนนรอบนี้", "Total after the review", SCORE, POINTS, SHEET),
        Column("attainment", "ร้อยละการบรรลุ", "What the total attains; straight between two targets, an estimate", SCORE,
               "0–100"),
        Column("agency_kind", "ประเภทหน่วยงาน", "Type of the agency, which decides its framework", CODE,
               "department = ส่วนราชการ, province = จังหวัด, other = หน่วยงานอื่น"),
        Column("weight", "น้ำหนักในกรอบตัวชี้วัด", "Weight of PMQA 4.0 in the framework of the cycle for this type of "
               "agency; empty = no framework", NUMBER, "ร้อยละ / percent"),
        Column("points", "คะแนนในกรอบตัวชี้วัด", "attainment x weight / 100, reckoned exactly and rounded once", SCORE,
               "0–weight"),
    ),
)  # fmt: skip

TABLES = (AGENCIES, SCORES, ANSWERS, VERDICTS, COMMENTS, INDICATORS, FEEDBACK, EVIDENCE, KPI)
# What is in the frozen sheet itself: an agency's own workbook.
OF_SHEET = tuple(table for table in TABLES if table.source == SHEET)

# --- the public part ----------------------------------------------------------------------------

CATEGORIES = tuple("1234567")
_SCORED_CATEGORIES = tuple(
    Column(f"category_{code}", f"หมวด {code}", f"Verified score of category {code}", SCORE, POINTS)
    for code in CATEGORIES
)

PUBLIC_SUMMARY = Table(
    "summary", "สรุปตามกลุ่ม", "Means of the whole cycle and of each ministry; small groups are left out", PUBLIC,
    (
        Column("year", "ปีงบประมาณ", "Fiscal year of the cycle", INTEGER, _YEAR),
        Column("group", "กลุ่ม", "What the row is of", CODE, "all = ทุกหน่วยงาน, ministry = กระทรวง"),
        Column("name", "ชื่อกลุ่ม", "Name of the ministry"),
        Column("is_suppressed", "ปกปิด", "Too few agencies, or figures that would tell of too few", FLAG),
        Column("agencies", "จำนวนหน่วยงาน", "Published results in the group; empty where suppressed", INTEGER),
        Column("verified_total", "คะแนนเฉลี่ยจากผู้ตรวจ", "Mean of the verified totals", SCORE, POINTS),
        *(
            Column(column.name, f"{column.th} (เฉลี่ย)", f"Mean of the verified scores of category {column.name[-1]}",
                   SCORE, POINTS)
            for column in _SCORED_CATEGORIES
        ),
    ),
)  # fmt: skip

PUBLIC_AGENCIES = Table(
    "agencies", "คะแนนรายหน่วยงาน", "Verified scores by agency; only where the administrator has opened them", PUBLIC,
    (
        Column("agency_code", "รหัสหน่วยงาน", "Code of the agency", CODE),
        Column("agency_name", "หน่วยงาน", "Name of the agency"),
        Column("year", "ปีงบประมาณ", "Fiscal year of the cycle", INTEGER, _YEAR),
        Column("edition", "ฉบับของเกณฑ์", "Edition of the criteria", CODE),
        Column("policy", "หลักเกณฑ์การให้คะแนน", "Scoring policy and its version", CODE),
        Column("verified_total", "คะแนนจากผู้ตรวจ", "Total after the review", SCORE, POINTS),
        Column("verified_level", "ระดับจากผู้ตรวจ", "Level of that total", CODE, _LEVELS),
        *_SCORED_CATEGORIES,
    ),
)  # fmt: skip

PUBLIC_TABLES = (PUBLIC_SUMMARY, PUBLIC_AGENCIES)

# --- the dictionary about itself ----------------------------------------------------------------

DICTIONARY = Table(
    "dictionary", "พจนานุกรมข้อมูล", "Meaning of every column", "results/exporting/dictionary.py",
    (
        Column("table", "ตาราง", "Name of the table", CODE),
        Column("table_th", "ชื่อตาราง", "Name of its sheet in a workbook"),
        Column("column", "คอลัมน์", "Name of the column, as in CSV and JSON", CODE),
        Column("meaning_th", "ความหมาย", "Meaning in Thai, the head of the column in a workbook"),
        Column("meaning_en", "ความหมาย (อังกฤษ)", "Meaning in English"),
        Column("type", "ชนิดข้อมูล", "Type of the values", CODE,
               f"{TEXT}, {CODE}, {INTEGER}, {SCORE}, {NUMBER}, {MOMENT}, {DAY}, {FLAG}"),
        Column("unit", "หน่วยหรือค่าที่เป็นไปได้", "Unit, or the values that there can be"),
        Column("source", "ที่มา", "What the value is read from"),
    ),
)  # fmt: skip


def described(tables: tuple[Table, ...]) -> list[dict[str, str]]:
    """The rows of the dictionary of these tables, in order."""
    return [
        {
            "table": table.name,
            "table_th": table.th,
            "column": column.name,
            "meaning_th": column.th,
            "meaning_en": column.en,
            "type": column.type,
            "unit": column.unit,
            "source": column.source or table.source,
        }
        for table in tables
        for column in table.columns
    ]


def as_markdown() -> str:
    """The whole dictionary as docs/exports.md has it."""
    return "\n\n".join(_markdown_of(table) for table in (*TABLES, DICTIONARY, *PUBLIC_TABLES)) + "\n"


def _markdown_of(table: Table) -> str:
    place = "open data: " if table.source == PUBLIC else ""
    lines = [
        f"### {place}{table.name} ({table.th})",
        "",
        f"{table.en}. Source: {table.source}.",
        "",
        "| column | meaning | | type | unit or values |",
        "|---|---|---|---|---|",
        *(
            f"| `{column.name}` | {column.th} | {_said_of(column)} | {column.type} | {column.unit} |"
            for column in table.columns
        ),
    ]
    return "\n".join(lines)


def _said_of(column: Column) -> str:
    return f"{column.en} (source: {column.source})" if column.source else column.en
