"""Text messages through Tencent Cloud (SendSms, 2021-01-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt
from shouwang.notify.settings import Reaches, Setting, Wrong, filled_in
from shouwang.notify.sms import (
    TEMPLATE_SETTINGS,
    filled,
    longest_setting,
    mobile_of,
    wrong_of,
)

# What older accounts have; those opened since 2024 begin with six, see the console.
PARAMETER_CHARACTERS = 12


class SmsTencentChannel:
    """Sends the approved template to one mobile number.

    ``endpoint`` is where the provider is asked; ``may_be_inside`` lets it be a machine
    of our own network. Both are for tests.
    """

    kind = "sms_tencent"
    reaches = Reaches.PHONE
    settings: Sequence[Setting] = (
        *TEMPLATE_SETTINGS,
        longest_setting(PARAMETER_CHARACTERS),
        Setting(name="app_id"),
        Setting(name="region", default="ap-guangzhou"),
    )
    limits: Sequence[Limit] = (Limit(count=3000, per=timedelta(seconds=1)),)
    speed = 10
    takes_pictures = False

    def __init__(
        self,
        *,
        endpoint: str = "https://sms.tencentcloudapi.com",
        may_be_inside: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._may_be_inside = may_be_inside

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return everything that is wrong with how it is set up."""
        return wrong_of(self.settings, filled_in(self.settings, settings))

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Send ``message`` as one text message; raises ``SendingError``."""
        number = mobile_of(message.address)
        settings = filled_in(self.settings, settings)
        values = filled(message, settings)
        from shouwang.notify.sms_tencent import provider

        return provider.send(
            provider.Sending(
                endpoint=self._endpoint,
                may_be_inside=self._may_be_inside,
                number=number,
                values=tuple(value for _, value in values),
                key=message.key,
            ),
            settings,
        )
