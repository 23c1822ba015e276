"""``script/messages``: no text for people stays without its translation."""

from __future__ import annotations

import gettext
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MESSAGES = Path(__file__).parents[2] / "script" / "lib" / "messages.py"
TEMPLATE = """
{% load i18n %}
<div>
    <p title="{% translate "Nobody looked" %}">{% blocktranslate trimmed count n=x %}
      One home ({{ n }}
    {% plural %}
      {{ n }} homes
    {% endblocktranslate %}</p>
  {% include "part.html" with title=_("The board") only %} don't ( [
</div>
"""


class Tree:
    """A small checkout with one app."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.app = root / "src" / "shouwang" / "apps" / "desk"
        self.po = self.app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        (root / "script" / "lib").mkdir(parents=True)
        shutil.copy(MESSAGES, root / "script" / "lib")
        self.app.mkdir(parents=True)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self.root / "script" / "lib" / "messages.py", command],
            capture_output=True,
            text=True,
            check=False,
        )

    def view(self, *lines: str) -> None:
        (self.app / "views.py").write_text("\n".join(lines), encoding="utf-8")

    def translate(self, english: str, chinese: str) -> None:
        text = self.po.read_text(encoding="utf-8")
        empty = f'msgid "{english}"\nmsgstr ""\n'
        assert empty in text
        text = text.replace(empty, f'msgid "{english}"\nmsgstr "{chinese}"\n')
        self.po.write_text(text, encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_a_text_without_translation_is_named_with_its_place(tree: Tree) -> None:
    tree.view("", 'word = _("Who is well")')

    found = tree.run("check")

    assert found.returncode == 1
    assert "desk/views.py:2" in found.stdout
    assert "'Who is well'" in found.stdout


def test_every_way_of_writing_a_text_in_a_template_is_found(tree: Tree) -> None:
    (tree.app / "page.html").write_text(TEMPLATE, encoding="utf-8")

    tree.run("update")

    text = tree.po.read_text(encoding="utf-8")
    assert 'msgid "Nobody looked"' in text
    assert 'msgid "One home (%(n)s"\nmsgid_plural "%(n)s homes"' in text
    assert 'msgid "The board"' in text


def test_an_empty_translation_fails_and_a_full_one_passes(tree: Tree) -> None:
    tree.view('word = _("Who is well")')
    tree.run("update")
    assert "not translated" in tree.run("check").stdout

    tree.translate("Who is well", "谁平安")

    assert tree.run("check").returncode == 0


def test_a_fuzzy_translation_fails(tree: Tree) -> None:
    tree.view('word = _("Who is well")')
    tree.run("update")
    tree.translate("Who is well", "谁平安")
    text = tree.po.read_text(encoding="utf-8")
    tree.po.write_text(
        text.replace('msgid "Who', '#, fuzzy\nmsgid "Who'), encoding="utf-8"
    )

    assert "fuzzy" in tree.run("check").stdout


def test_a_translation_with_a_wrong_placeholder_fails(tree: Tree) -> None:
    tree.view('word = _("Seen by %(who)s")')
    tree.run("update")

    tree.translate("Seen by %(who)s", "%(whom)s看过")

    assert "placeholder" in tree.run("check").stdout


def test_a_text_that_is_gone_is_set_aside_and_comes_back(tree: Tree) -> None:
    tree.view('word = _("Who is well")')
    tree.run("update")
    tree.translate("Who is well", "谁平安")
    tree.view("")
    tree.run("update")
    assert '#~ msgid "Who is well"' in tree.po.read_text(encoding="utf-8")

    tree.view('word = _("Who is well")')
    tree.run("update")

    assert tree.run("check").returncode == 0


def test_compiled_catalogues_speak_chinese(tree: Tree) -> None:
    tree.view('word = _("Who is well")')
    tree.run("update")
    tree.translate("Who is well", "谁平安")

    tree.run("compile")

    with tree.po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Who is well") == "谁平安"


def test_an_unknown_command_says_what_there_is(tree: Tree) -> None:
    done = tree.run("translate")

    assert done.returncode == 2
    assert "check | update | compile" in done.stderr
