"""Texts that fill a blank, each hard in a way of its own: for measuring, and for tests of what is whole."""

from criteria.fields import MAX_LENGTH

# (name, what is repeated before, and after); a mark alone, a letter with two marks, words that can be cut in two ways.
LIMITS = (
    (
        "rewritten",
        "ส่วนราชการมีการบริหารจัดการข้อมูลด้วยระบบดิจิทัลทั้งองค์กร ",
        "หน่วยงานพัฒนากระบวนการให้บริการร่วมกับภาคีเครือข่าย ",
    ),
    ("letter", "ก", "ข"),
    ("cluster", "รร", "กร"),
    ("marks", "\u0e48", "\u0e49"),
    ("combining", "é\u0300", "e\u0301"),
    ("signs", "!?", "?!"),
    ("spaces", "ก ", "ข "),
    ("ambiguous", "นานา", "มากกว่า"),
    ("latin", "a", "ab"),
    ("lines", "\n1", "1\n2"),
)


def full(pattern: str) -> str:
    """The pattern over and over, as long as a blank may be."""
    return (pattern * MAX_LENGTH)[:MAX_LENGTH]
