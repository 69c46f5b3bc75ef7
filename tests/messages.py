"""The texts of the product and their translations, read without the gettext tools.

Keys are (context, msgid, msgid_plural), each "" where there is none.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

Key = tuple[str, str, str]

ROOT = settings.BASE_DIR
LOCALE = Path(settings.LOCALE_PATHS[0])
APPS = ("assessments", "criteria", "pmqa", "results", "reviews")
# What is printed is official and Thai in both languages.
OFFICIAL = {"print", "report", "deck", "minister"}

# Function -> which of its arguments are context, msgid, msgid_plural
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}


def sources() -> Iterator[Path]:
    """Our Python modules, without migrations: what these say is a copy of the models."""
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    folder = ROOT / "templates"
    yield from (
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".txt") and not OFFICIAL & set(path.relative_to(folder).parts)
    )


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "")


def keys_of(tree: ast.AST) -> Iterator[Key]:
    """Every text that is marked; fails with ValueError where one is put together before it is looked up."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) in CALLS:
            parts = ["" if place is None else call.args[place] for place in CALLS[_name(call)]]
            yield tuple(part and ast.literal_eval(part) for part in parts)


_CALL = re.compile(r"""\b(?:_|n?p?gettext)\((?:[^()"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*\)""")


def keys_of_template(text: str) -> Iterator[Key]:
    for call in _CALL.findall(templatize(text)):
        yield from keys_of(ast.parse(call))


def used() -> dict[Key, str]:
    """Every text of the product, with the file that says it."""
    found = {}
    for path in sources():
        found |= dict.fromkeys(
            keys_of(ast.parse(path.read_text(encoding="utf-8"))), str(path.relative_to(ROOT))
        )
    for path in templates():
        found |= dict.fromkeys(
            keys_of_template(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT))
        )
    return found


# --- the files of translations ----------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    key: Key
    # One form, or two where there is a plural.
    texts: tuple[str, ...]
    flags: tuple[str, ...]


_FIELD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? (.*)")


def entries(language: str) -> list[Entry]:
    """What the .po file says, its header left out."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return [entry for block in text.split("\n\n") if (entry := _entry(block)) and entry.key[1]]


def _entry(block: str) -> Entry | None:
    fields: dict[str, list[str]] = {"msgctxt": [], "msgid": [], "msgid_plural": [], "msgstr": []}
    flags: list[str] = []
    for line in block.splitlines():
        if line.startswith("#,"):
            flags += line[2:].replace(" ", "").split(",")
        elif match := _FIELD.fullmatch(line):
            current = fields[match[1]]
            current.append(ast.literal_eval(match[2]))
        elif line.startswith('"'):
            current[-1] += ast.literal_eval(line)
    if not fields["msgid"]:
        return None
    first = [(fields[name] or [""])[0] for name in ("msgctxt", "msgid", "msgid_plural")]
    return Entry(tuple(first), tuple(fields["msgstr"]), tuple(flags))


def compiled(language: str) -> list[Entry]:
    """What the .mo file says to each entry of the .po file beside it, flags left out.

    Raises ValueError where it holds more or fewer texts than that.
    """
    path = LOCALE / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        found = gettext.GNUTranslations(file)
    wanted = entries(language)
    # The third word of the file is how many texts it holds, the header one of them.
    count = int.from_bytes(path.read_bytes()[8:12], "little")
    if count != len(wanted) + 1:
        raise ValueError(f"{path.name} holds {count} texts, not {len(wanted) + 1}")
    return [Entry(entry.key, _spoken(found, entry), ()) for entry in wanted]


def _spoken(found: gettext.GNUTranslations, entry: Entry) -> tuple[str, ...]:
    context, one, many = entry.key
    if many and context:
        return tuple(found.npgettext(context, one, many, n) for n in range(1, len(entry.texts) + 1))
    if many:
        return tuple(found.ngettext(one, many, n) for n in range(1, len(entry.texts) + 1))
    return (found.pgettext(context, one) if context else found.gettext(one),)
