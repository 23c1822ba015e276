"""Asks Aliyun by its own SDK, which is imported here and nowhere else.

The SDK says what a request is and signs it. It is carried by ours: the SDK's own way
takes its proxies from the environment, and does not tell a lost answer from a machine
that was never reached.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.request import DaraRequest
from darabonba.runtime import RuntimeOptions

from shouwang.notify import outgoing
from shouwang.notify.message import Receipt, SendingError
from shouwang.notify.sms_aliyun.codes import refusal_of

_ALGORITHM = "ACS3-HMAC-SHA256"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One message, and where it is sent from."""

    endpoint: str
    may_be_inside: bool
    number: str
    values: Mapping[str, str]
    key: str


def send(sending: Sending, settings: Mapping[str, str]) -> Receipt:
    """Send it once; raises ``SendingError``."""
    client = _Client(sending, settings)
    answer = client.send_sms_with_options(
        SendSmsRequest(
            phone_numbers=sending.number.removeprefix("+86"),
            sign_name=settings["sign"],
            template_code=settings["template"],
            template_param=json.dumps(sending.values, ensure_ascii=False),
            out_id=sending.key,
        ),
        RuntimeOptions(),
    ).body
    code = answer.code or ""
    if code != "OK":
        raise refusal_of(code, answer.message or "").error(code)
    return Receipt(code=code, reference=answer.biz_id or "")


class _Client(Client):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client, carried by our own hands."""

    def __init__(self, sending: Sending, settings: Mapping[str, str]) -> None:
        super().__init__(
            Config(
                access_key_id=settings["key_id"],
                access_key_secret=settings["key_secret"],
                endpoint=urlsplit(sending.endpoint).netloc,
            )
        )
        self._sending = sending

    def do_request(
        self, params: Params, request: OpenApiRequest, runtime: RuntimeOptions
    ) -> dict[str, Any]:
        """Return the answer as the SDK reads it, after one single try."""
        signed = self._signed(params, request)
        query = "&".join(
            f"{quote(name, safe='~')}={quote(value, safe='~')}"
            for name, value in signed.query.items()
        )
        answer = outgoing.post(
            f"{self._sending.endpoint}{params.pathname}?{query}",
            headers=signed.headers,
            may_be_inside=self._sending.may_be_inside,
        )
        body = answer.json()
        if answer.status >= 400:
            raise _refused(answer.status, body)
        return {"body": body, "headers": {}, "statusCode": answer.status}

    def _signed(self, params: Params, request: OpenApiRequest) -> DaraRequest:
        made = DaraRequest()
        made.method, made.pathname, made.query = "POST", params.pathname, request.query
        empty = Utils.hash(b"", _ALGORITHM).hex()
        made.headers = {
            "host": self._endpoint,
            "accept": "application/json",
            "x-acs-version": params.version,
            "x-acs-action": params.action,
            "x-acs-date": Utils.get_timestamp(),
            "x-acs-signature-nonce": Utils.get_nonce(),
            "x-acs-content-sha256": empty,
        }
        key = self._credential.get_credential()
        made.headers["Authorization"] = Utils.get_authorization(
            made, _ALGORITHM, empty, key.access_key_id, key.access_key_secret
        )
        return made


def _refused(status: int, body: Mapping[str, Any]) -> SendingError:
    code = str(body.get("Code") or status)
    if status >= 500:
        return SendingError(
            "the provider has a fault", code=code, may_have_arrived=True
        )
    return refusal_of(code, str(body.get("Message", ""))).error(code)
