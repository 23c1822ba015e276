"""Text messages through Aliyun (SendSms, 2017-05-25)."""

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

PARAMETER_CHARACTERS = 35


class SmsAliyunChannel:
    """Sends the approved template to one mobile number.

    ``endpoint`` is where the provider is asked; ``may_be_inside`` lets it be a machine
    of our own network. Both are for tests.
    """

    kind = "sms_aliyun"
    reaches = Reaches.PHONE
    settings: Sequence[Setting] = (
        *TEMPLATE_SETTINGS,
        longest_setting(PARAMETER_CHARACTERS),
    )
    limits: Sequence[Limit] = (Limit(count=5000, per=timedelta(seconds=1)),)
    speed = 10
    takes_pictures = False

    def __init__(
        self,
        *,
        endpoint: str = "https://dysmsapi.aliyuncs.com",
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
        values = dict(filled(message, settings))
        # The provider's own code takes 30 MB: only who sends this way pays for it.
        from shouwang.notify.sms_aliyun import provider

        return provider.send(
            provider.Sending(
                endpoint=self._endpoint,
                may_be_inside=self._may_be_inside,
                number=number,
                values=values,
                key=message.key,
            ),
            settings,
        )
