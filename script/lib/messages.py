"""Keeps the translations whole: ``script/messages check | update | compile``.

Words for people are written in English where they are used; each app keeps their
translation beside it, in ``locale/zh_Hans/LC_MESSAGES/django.po``. No GNU gettext
is needed: Django turns templates into calls, Babel finds the calls.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shouwang"
LOCALE = "zh_Hans"
# Django reads this header; dates are left out, they would collide in every merge.
HEADER = f"""\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {LOCALE}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
# N_ marks words that are translated later, where they are shown.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Words = str | tuple[str, ...]
Key = tuple[str | None, Words]


@dataclass(frozen=True, kw_only=True)
class Used:
    """One text for people, and the first place where it stands."""

    key: Key
    place: str


@dataclass(kw_only=True)
class Home:
    """One locale folder, and the texts that belong to it."""

    folder: Path
    used: dict[Key, Used] = field(default_factory=dict)

    @property
    def po(self) -> Path:
        return self.folder / LOCALE / "LC_MESSAGES" / "django.po"

    def name(self) -> str:
        return str(self.po.relative_to(ROOT))

    def catalog(self) -> Catalog:
        """Return what is translated; empty where there is no file yet."""
        if not self.po.exists():
            return Catalog(locale=LOCALE)
        with self.po.open("rb") as file:
            return read_po(file, locale=LOCALE, abort_invalid=True)


# --- what the sources say -------------------------------------------------------------


def homes_read() -> list[Home]:
    """Return every locale folder with the texts its files use."""
    homes: dict[Path, Home] = {}
    for path in sorted((*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"))):
        home = homes.setdefault(locale_for(path), Home(folder=locale_for(path)))
        for used in texts_in(path):
            home.used.setdefault(used.key, used)
    for po in PACKAGE.rglob("django.po"):
        homes.setdefault(po.parents[2], Home(folder=po.parents[2]))
    return [home for home in homes.values() if home.used or home.po.exists()]


def locale_for(path: Path) -> Path:
    """Return the locale folder that a source file's texts belong to."""
    parts = path.relative_to(PACKAGE).parts
    if parts[0] == "apps" and len(parts) > 2:
        return PACKAGE / "apps" / parts[1] / "locale"
    if parts[0] == "web":
        return PACKAGE / "web" / "locale"
    return PACKAGE / "locale"


def texts_in(path: Path) -> Iterator[Used]:
    """Yield the texts for people in a Python file or a template."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = as_calls(source)
    found = extract("python", BytesIO(source.encode()), KEYWORDS)
    for line, words, _comments, context in found:
        if words and words != ("", ""):
            place = f"{path.relative_to(ROOT)}:{line}"
            yield Used(key=(context, words), place=place)


def as_calls(template: str) -> str:
    """Return a template as lines of calls; indentation would mean blocks."""
    calls = templatize(template)
    return "\n".join(line.lstrip() for line in calls.splitlines())


def key_of(message: Message) -> Key:
    words = message.id if isinstance(message.id, str) else tuple(message.id)
    return message.context, words


# --- check ----------------------------------------------------------------------------


def check() -> int:
    """Name every text without a good translation; return 1 if there is one."""
    complaints = [line for home in homes_read() for line in complaints_about(home)]
    for line in complaints:
        tell(line)
    if complaints:
        tell(f"{len(complaints)} to mend. script/messages update adds what is missing.")
    return 1 if complaints else 0


def complaints_about(home: Home) -> Iterator[str]:
    known = {key_of(message): message for message in home.catalog() if message.id}
    for key, used in home.used.items():
        if key not in known:
            yield f"{used.place}: not in {home.name()}: {shown(key)}"
    for key, message in known.items():
        why = fault_of(message) or (None if key in home.used else "no longer used")
        if why:
            yield f"{home.name()}: {why}: {shown(key)}"


def fault_of(message: Message) -> str | None:
    """Return what is wrong with one translation, or None."""
    translations = texts_of(message.string)
    if not translations or not all(translations):
        return "not translated"
    if message.fuzzy:
        return "fuzzy, nobody has confirmed it"
    allowed = {*placeholders(texts_of(message.id))}
    if {*placeholders(translations)} - allowed:
        return "a placeholder that the English does not have"
    if isinstance(message.id, str) and allowed - {*placeholders(translations)}:
        return "a placeholder of the English is missing"
    return None


def texts_of(words: object) -> tuple[str, ...]:
    if isinstance(words, str):
        return (words,)
    return tuple(words) if isinstance(words, (list, tuple)) else ()


def placeholders(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from PLACEHOLDER.findall(text)


def shown(key: Key) -> str:
    context, words = key
    text = words if isinstance(words, str) else words[0]
    return repr(text if context is None else f"{text} ({context})")


# --- update ---------------------------------------------------------------------------


def update() -> int:
    """Add what is missing with an empty translation; set aside what is gone."""
    for home in homes_read():
        before = home.po.read_bytes() if home.po.exists() else b""
        after = rewritten(home)
        if after != before:
            home.po.parent.mkdir(parents=True, exist_ok=True)
            home.po.write_bytes(after)
            tell(f"{home.name()} updated")
    return 0


def rewritten(home: Home) -> bytes:
    """Return the catalogue file as it should be, ordered by its English texts."""
    old = home.catalog()
    new = Catalog(locale=LOCALE)
    for key in home.used:
        new.add(key[1], string=remembered(old, key), context=key[0])
    for message in (*old, *old.obsolete.values()):
        is_gone = message.id and key_of(message) not in home.used
        if is_gone and any(texts_of(message.string)):
            new.obsolete[message.id] = message
    body = BytesIO()
    write_po(body, new, sort_output=True, omit_header=True, width=0)
    return HEADER.encode() + body.getvalue().strip() + b"\n"


def remembered(old: Catalog, key: Key) -> str | tuple[str, ...] | None:
    """Return the translation a text has, or had before it was set aside."""
    words = key[1] if isinstance(key[1], str) else key[1][0]
    message = old.get(words, key[0])
    if message is None:
        found = (m for m in old.obsolete.values() if key_of(m) == key)
        message = next(found, None)
    if message is None or isinstance(message.id, str) != isinstance(key[1], str):
        return None
    return (
        message.string if isinstance(message.string, str) else texts_of(message.string)
    )


# --- compile --------------------------------------------------------------------------


def compile_all() -> int:
    """Write the catalogues that Django reads; an entry left empty stays English."""
    for po in sorted(PACKAGE.rglob("django.po")):
        with po.open("rb") as file:
            catalog = read_po(file, locale=LOCALE, abort_invalid=True)
        part = po.with_suffix(".mo.part")
        with part.open("wb") as file:
            write_mo(file, catalog)
        part.replace(po.with_suffix(".mo"))
    return 0


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> int:
    """Run the one command named, and return the exit status."""
    settings.configure()
    commands = {"check": check, "update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.stderr.write("Usage: script/messages check | update | compile\n")
        return 2
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
