"""How each signal looks in its window, in a box of 40 by 34 units from (0, 0)."""

from __future__ import annotations

CURTAINS = {
    "open": "M1 1h9q-1 18-9 26zM39 1h-9q1 18 9 26z",
    "partly": "M1 1h14q-2 20-14 31zM39 1h-12v32h12z",
    "closed": "M1 1h18.500v32H1zM20.500 1H39v32H20.500z",
    "half": "M1 1h14q-2 20-14 31zM39 1H25q2 20 14 31z",
}
_FOLDS = '<path class="fold" d="M7 2v30M13 2v30M27 2v30M33 2v30"/>'
_LAMP = (
    '<path class="lamp" d="M20 1v6"/>'
    '<path class="lamp lamp-shade" d="M14 13l3-6h6l3 6z"/>'
)
_FACE = '<circle class="face" cx="20" cy="17" r="12"/>'
_EYES = '<path class="face-line" d="M15.500 13v3M24.500 13v3"/>'
_PICTURES: dict[tuple[str, str], str] = {
    ("curtain", "closed"): f'<path class="curtain" d="{CURTAINS["closed"]}"/>{_FOLDS}',
    ("curtain", "open"): f'<path class="curtain" d="{CURTAINS["open"]}"/>',
    ("curtain", "partly"): f'<path class="curtain" d="{CURTAINS["partly"]}"/>',
    ("light", "on"): f'<circle class="glow" cx="20" cy="13" r="11"/>{_LAMP}',
    ("light", "off"): _LAMP,
    ("board", "smile"): '<path class="card-in-window" d="M7 4h26v26H7z"/>'
    f'{_FACE}{_EYES}<path class="face-line" d="M13.500 20q6.500 7 13 0"/>',
    (
        "board",
        "cry",
    ): f'{_FACE}{_EYES}<path class="face-line" d="M13.500 24q6.500-7 13 0"/>',
    ("board", "nothing_hung"): '<path class="hook" d="M20 1v6M9 7h22"/>',
    ("token", "out"): '<path class="token" d="M14 32V7l14 5-14 6"/>',
    ("token", "in"): '<path class="hook" d="M14 32v-6"/>',
}


def signal_picture(signal: str, state: str) -> str:
    """Return the inside of an SVG drawing; empty for what nobody has drawn."""
    return _PICTURES.get((signal, state), "")
