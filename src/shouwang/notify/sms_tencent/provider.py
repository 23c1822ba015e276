"""Asks Tencent by its own SDK, which is imported here and nowhere else.

The SDK says what a request is, signs it and reads the answer. It is carried by ours:
the SDK's own way takes its proxies from the environment, and does not tell a lost
answer from a machine that was never reached.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import (
    TencentCloudSDKException,
)
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from shouwang.notify import outgoing
from shouwang.notify.message import Receipt, SendingError
from shouwang.notify.sms import UNREAD
from shouwang.notify.sms_tencent.codes import refusal_of

# It writes every request, numbers included, into a log that tells everything.
logging.getLogger("tencentcloud_sdk_common").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One message, and where it is sent from."""

    endpoint: str
    may_be_inside: bool
    number: str
    values: tuple[str, ...]
    key: str


def send(sending: Sending, settings: Mapping[str, str]) -> Receipt:
    """Send it once; raises ``SendingError``."""
    carrier = _Carrier(sending)
    client = _client(sending, settings)
    client.request.conn = carrier
    try:
        answer = client.SendSms(_request(sending, settings))
        [status] = answer.SendStatusSet
    except TencentCloudSDKException as error:
        raise carrier.failure_of(error) from None
    except (TypeError, ValueError):
        raise UNREAD.error("") from None
    if status.Code != "Ok":
        raise refusal_of(status.Code or "").error(status.Code or "")
    return Receipt(code=status.Code, reference=status.SerialNo or "")


def _client(sending: Sending, settings: Mapping[str, str]) -> SmsClient:
    where = urlsplit(sending.endpoint)
    profile = ClientProfile(
        httpProfile=HttpProfile(protocol=where.scheme, endpoint=where.netloc)
    )
    key = Credential(settings["key_id"], settings["key_secret"])
    return SmsClient(key, settings["region"], profile)


def _request(sending: Sending, settings: Mapping[str, str]) -> SendSmsRequest:
    made = SendSmsRequest()
    made.PhoneNumberSet = [sending.number]
    made.SmsSdkAppId = settings["app_id"]
    made.SignName = settings["sign"]
    made.TemplateId = settings["template"]
    made.TemplateParamSet = list(sending.values)
    made.SessionContext = sending.key
    return made


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """An answer with the names the SDK reads."""

    status_code: int
    content: bytes
    # The SDK overlooks an error that comes with any other, even with a charset.
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json"}
    )

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")


class _Carrier:
    """Stands where the SDK keeps its connection, and keeps what went wrong."""

    request_length = 0

    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._failure: SendingError | None = None
        self._status = 0

    def request(
        self, method: str, url: str, body: bytes | str, headers: Mapping[str, str]
    ) -> _Answered:
        """Carry one request of the SDK, without a second try."""
        try:
            answer = outgoing.post(
                url,
                body=body.encode() if isinstance(body, str) else body,
                headers=headers,
                may_be_inside=self._sending.may_be_inside,
            )
            # What cannot be read is told here; the SDK would lose it.
            answer.json()
        except SendingError as error:
            self._failure = error
            raise
        self._status = answer.status
        return _Answered(status_code=answer.status, content=answer.body)

    def failure_of(self, error: TencentCloudSDKException) -> SendingError:
        """Return what an error of the SDK means."""
        if self._failure is not None:
            return self._failure
        code = error.get_code() or ""
        if self._status != 200 or code in _UNREAD:
            return UNREAD.error(str(self._status))
        return refusal_of(code).error(code)


# The SDK's words for an answer without the parts it must have.
_UNREAD = frozenset(
    {"KeyError", "TypeError", "ServerNetworkError", "AttributeError", "ValueError"}
)
