"""A text cut into parts that a provider takes.

Providers count bytes, people read characters: no part exceeds its bytes, and no
character is cut, nor, where it can be helped, what is drawn as one (an accent on its
letter, a family in one emoji, a flag).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate

from shouwang.notify.message import Message

# A part is at least so full before its end is chosen for reading well: else a text of
# three messages, three tokens of the robot's twenty a minute, becomes five.
_FILLED = 0.75
_SENTENCE_ENDS = "。！？；!?;…"
_JOINER = "\u200d"

Size = Callable[[str], int]


def utf8_size(text: str) -> int:
    """Return the bytes of ``text`` itself."""
    return len(text.encode())


def json_size(text: str) -> int:
    """Return the bytes of ``text`` inside JSON, where a line end is two."""
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def whole(message: Message) -> str:
    """Return the words of a message as one text: its title, its text, its link.

    What no encoding can carry (half of a surrogate pair) becomes a question mark.
    """
    found = "\n".join(
        row for row in (message.title, message.text, message.link) if row.strip()
    )
    return found.encode(errors="replace").decode()


def parts(text: str, limit: int, *, size: Size = utf8_size) -> tuple[str, ...]:
    """Return ``text`` in parts of at most ``limit``, numbered ``(1/3)`` if several.

    The numbers count; without them the parts joined are the text again. ``size``
    measures; it has to be the sum of the sizes of the characters. ``limit`` is at
    least 40.
    """
    if limit < 40:
        raise ValueError("too small a limit to say anything in")
    if size(text) <= limit:
        return (text,)
    digits = 1
    while True:
        cut = tuple(_cut(text, limit - len(_number("9" * digits, "9" * digits)), size))
        if len(str(len(cut))) <= digits:
            break
        digits += 1
    return tuple(
        _number(str(index), str(len(cut))) + row for index, row in enumerate(cut, 1)
    )


def _number(index: str, count: str) -> str:
    return f"({index}/{count}) "


def _cut(text: str, room: int, size: Size) -> Iterator[str]:
    ends = [0, *accumulate(size(row) for row in text)]
    begin = 0
    while begin < len(text):
        end = begin + 1
        while end < len(text) and ends[end + 1] - ends[begin] <= room:
            end += 1
        if end < len(text):
            end = _good_end(text, begin, end)
        yield text[begin:end]
        begin = end


def _good_end(text: str, begin: int, most: int) -> int:
    """Return where to end a part: after a line, a sentence, a word, or a character."""
    filled = begin + int((most - begin) * _FILLED)
    for is_end in (_is_line_end, _is_sentence_end, _is_space):
        for end in range(most, filled, -1):
            if is_end(text[end - 1]) and not _is_one(text, end):
                return end
    for end in range(most, begin, -1):
        if not _is_one(text, end):
            return end
    return most


def _is_line_end(character: str) -> bool:
    return character == "\n"


def _is_sentence_end(character: str) -> bool:
    return character in _SENTENCE_ENDS


def _is_space(character: str) -> bool:
    return character.isspace()


def _is_one(text: str, at: int) -> bool:
    """Return whether the characters before and after ``at`` are drawn as one."""
    before, after = text[at - 1], text[at]
    return (
        _JOINER in (before, after)
        or unicodedata.category(after) in {"Mn", "Mc", "Me"}
        # Skin tones, and the letters of flags like Scotland's.
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        # A syllable of Korean written as its letters.
        or "\u1160" <= after <= "\u11ff"
        or (before == "\r" and after == "\n")
        or (_is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    begin = at
    while begin and _is_flag_half(text[begin - 1]):
        begin -= 1
    return at - begin
