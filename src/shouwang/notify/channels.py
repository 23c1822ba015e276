"""What a channel is, and where to find one by its kind.

A channel is a folder of its own here: its limits, its settings, its errors and its
tests. It knows nothing of communities, alerts or the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shouwang.notify.apprise_url.channel import AppriseChannel
from shouwang.notify.console.channel import ConsoleChannel
from shouwang.notify.dingtalk.channel import DingtalkChannel
from shouwang.notify.email.channel import EmailChannel
from shouwang.notify.feishu.channel import FeishuChannel
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt
from shouwang.notify.ntfy.channel import NtfyChannel
from shouwang.notify.recording.channel import RecordingChannel
from shouwang.notify.settings import Reaches, Setting, Wrong
from shouwang.notify.sms_aliyun.channel import SmsAliyunChannel
from shouwang.notify.sms_tencent.channel import SmsTencentChannel
from shouwang.notify.webhook.channel import WebhookChannel
from shouwang.notify.webpush.channel import WebPushChannel
from shouwang.notify.wecom.channel import WecomChannel


class Channel(Protocol):
    """One way of telling people.

    ``speed`` orders channels, the fastest first (about the seconds until somebody
    notices). ``limits`` hold for one setup, that is one robot, one account.
    """

    @property
    def kind(self) -> str:
        """Return the channel's word in the database and in settings."""

    @property
    def reaches(self) -> Reaches:
        """Return whom it finds, and by what."""

    @property
    def settings(self) -> Sequence[Setting]:
        """Return what somebody fills in to set it up."""

    @property
    def limits(self) -> Sequence[Limit]:
        """Return how often one setup may be used."""

    @property
    def speed(self) -> int:
        """Return about how many seconds pass until somebody notices."""

    @property
    def takes_pictures(self) -> bool:
        """Return whether it can carry a picture."""

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return everything that is wrong with how it is set up, nothing sent."""

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Deliver ``message`` at least once; raises ``SendingError``."""


@dataclass(frozen=True, kw_only=True)
class UnknownChannelError(Exception):
    """No channel is of this kind."""

    kind: str


CONSOLE = ConsoleChannel()
RECORDING = RecordingChannel()
_ALL: Sequence[Channel] = (
    CONSOLE,
    RECORDING,
    WecomChannel(),
    DingtalkChannel(),
    FeishuChannel(),
    WebPushChannel(),
    SmsAliyunChannel(),
    SmsTencentChannel(),
    EmailChannel(),
    NtfyChannel(),
    WebhookChannel(),
    AppriseChannel(),
)
CHANNELS: Mapping[str, Channel] = {row.kind: row for row in _ALL}


def channel_of(kind: str) -> Channel:
    """Return the channel of a kind; raises ``UnknownChannelError``."""
    try:
        return CHANNELS[kind]
    except KeyError as error:
        raise UnknownChannelError(kind=kind) from error
