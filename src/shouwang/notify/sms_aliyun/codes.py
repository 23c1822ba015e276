"""What Aliyun's codes mean for a message that must arrive."""

from __future__ import annotations

from datetime import timedelta

from shouwang.notify.sms import UNREAD, Refusal

_ACCOUNT = Refusal(
    words="the account cannot send now: pay or ask the provider",
    permanent=False,
    blocked_for=timedelta(minutes=10),
)
_KEY = Refusal(words="the provider does not know this key, or it may not send")
_BUSY = Refusal(
    words="too much at once for the provider",
    permanent=False,
    blocked_for=timedelta(seconds=10),
)
_SPENT = Refusal(
    words="the account has sent all it may today",
    permanent=False,
    blocked_for=timedelta(hours=1),
)

REFUSALS = {
    "isv.SMS_SIGNATURE_ILLEGAL": Refusal(words="the sign is not approved"),
    "isv.SMS_TEMPLATE_ILLEGAL": Refusal(words="the template is not approved"),
    "isv.TEMPLATE_MISSING_PARAMETERS": Refusal(
        words="the parameters are not those of the template"
    ),
    "isv.INVALID_JSON_PARAM": Refusal(words="the parameters cannot be read"),
    "isv.TEMPLATE_PARAMS_ILLEGAL": Refusal(words="a parameter is not allowed"),
    "isv.PARAM_LENGTH_LIMIT": Refusal(words="a parameter is too long"),
    "isv.PARAM_NOT_SUPPORT_URL": Refusal(
        words="no address in a parameter: put its beginning into the template"
    ),
    "isv.BLACK_KEY_CONTROL_LIMIT": Refusal(words="a word is not allowed"),
    "isv.SMS_CONTENT_ILLEGAL": Refusal(words="a word is not allowed"),
    "isv.MOBILE_NUMBER_ILLEGAL": Refusal(words="not a mobile number"),
    "isv.DAY_LIMIT_CONTROL": _SPENT,
    "isv.MONTH_LIMIT_CONTROL": _SPENT,
    "isv.OUT_OF_SERVICE": _ACCOUNT,
    "isv.AMOUNT_NOT_ENOUGH": _ACCOUNT,
    "isv.PRODUCT_UN_SUBSCRIPT": _ACCOUNT,
    "isv.PRODUCT_UNSUBSCRIBE": _ACCOUNT,
    "isv.ACCOUNT_NOT_EXISTS": _ACCOUNT,
    "isv.ACCOUNT_ABNORMAL": _ACCOUNT,
    "isp.RAM_PERMISSION_DENY": _KEY,
    "InvalidAccessKeyId.NotFound": _KEY,
    "InvalidAccessKeyId.Inactive": _KEY,
    "SignatureDoesNotMatch": _KEY,
    "Forbidden.RAM": _KEY,
    "InvalidTimeStamp.Expired": Refusal(
        words="the clock of this machine is wrong", permanent=False
    ),
    "Throttling": _BUSY,
    "Throttling.User": _BUSY,
    "Throttling.Api": _BUSY,
}
_A_MINUTE = Refusal(words="too soon after the last to this number", permanent=False)
_NUMBER_IS_FULL = Refusal(words="this number has had all it may today or this hour")


def refusal_of(code: str, words: str) -> Refusal:
    """Return what ``code`` means; ``words`` tell which span of a limit was reached."""
    if code == "isv.BUSINESS_LIMIT_CONTROL":
        return _A_MINUTE if "分钟" in words or "MINUTE" in words else _NUMBER_IS_FULL
    if not code:
        return UNREAD
    known = REFUSALS.get(code)
    # isv: our fault, and it stays so; isp and all else: theirs.
    return known or Refusal(
        words="the provider refused it", permanent=code.startswith("isv.")
    )
