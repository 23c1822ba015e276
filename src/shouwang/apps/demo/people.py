"""Invented names. Nobody here is real."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "桂秀玉淑兰英珍凤芬菊莲梅德福贵根顺宝荣华"


def invented_name(chance: Random) -> str:
    """Return a name put together by chance."""
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))


def called(name: str, chance: Random) -> str:
    """Return how neighbours would call somebody of this name."""
    return name[0] + chance.choice(("奶奶", "奶奶", "爷爷"))
