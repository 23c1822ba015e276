"""What is a mark of a window, and what is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from shouwang.domain.marks import Box, Fault, faults_of

SHARES = st.floats(0, 1)


def box(x=0.2, y=0.2, width=0.1, height=0.1):
    return Box(x=x, y=y, width=width, height=height)


def test_windows_beside_one_another_are_marks():
    boxes = {1: box(), 2: box(x=0.31), 3: box(x=0.9, y=0.9)}
    assert faults_of(boxes) == {}


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (Fault.OUTSIDE, {"x": -0.01}),
        (Fault.OUTSIDE, {"x": 0.95}),
        (Fault.OUTSIDE, {"y": 0.91}),
        (Fault.OUTSIDE, {"y": math.nan}),
        (Fault.TOO_SMALL, {"width": 0.009}),
        (Fault.TOO_SMALL, {"height": 0.0}),
        (Fault.TOO_SMALL, {"height": -0.1}),
        (Fault.TOO_LARGE, {"x": 0.0, "y": 0.0, "width": 1.0, "height": 0.6}),
    ],
)
def test_what_is_no_window_is_said(fault, wrong):
    assert faults_of({1: box(**wrong), 2: box(x=0.5)}) == {1: fault}


def test_of_two_homes_with_the_same_box_both_are_named():
    boxes = {1: box(), 2: box(x=0.205), 3: box(x=0.6)}
    assert faults_of(boxes) == {1: Fault.SAME, 2: Fault.SAME}


def test_a_box_up_to_the_edge_lies_inside_whatever_the_rounding():
    assert faults_of({1: box(x=0.7, width=0.1 + 0.2)}) == {}


@given(SHARES, SHARES, st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_padded_box_stays_on_the_picture_and_covers_what_it_was(x, y, width, height):
    plain = box(x=min(x, 1 - width), y=min(y, 1 - height), width=width, height=height)
    wide = plain.padded()
    assert 0 <= wide.x <= plain.x
    assert 0 <= wide.y <= plain.y
    assert plain.x + plain.width <= wide.x + wide.width + 1e-9 <= 1 + 2e-9
    assert plain.y + plain.height <= wide.y + wide.height + 1e-9 <= 1 + 2e-9
