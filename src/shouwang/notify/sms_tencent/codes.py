"""What Tencent's codes mean for a message that must arrive."""

from __future__ import annotations

from datetime import timedelta

from shouwang.notify.sms import UNREAD, Refusal

_ACCOUNT = Refusal(
    words="the account cannot send now: pay or ask the provider",
    permanent=False,
    blocked_for=timedelta(minutes=10),
)
_SPENT = Refusal(
    words="the account has sent all it may today",
    permanent=False,
    blocked_for=timedelta(hours=1),
)
_BUSY = Refusal(
    words="too much at once for the provider",
    permanent=False,
    blocked_for=timedelta(seconds=10),
)
_KEY = Refusal(words="the provider does not know this key, or it may not send")
_NUMBER_IS_FULL = Refusal(words="this number has had all it may today or this hour")
_SOON = Refusal(words="too soon after the last to this number", permanent=False)
_LOST = Refusal(
    words="the provider lost sight of it", permanent=False, may_have_arrived=True
)
_WORD = Refusal(words="a word is not allowed")
_TEMPLATE = Refusal(words="the template is not approved, or not so")
_NUMBER = Refusal(words="not a mobile number")

REFUSALS = {
    "LimitExceeded.PhoneNumberDailyLimit": _NUMBER_IS_FULL,
    "LimitExceeded.PhoneNumberOneHourLimit": _NUMBER_IS_FULL,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": _NUMBER_IS_FULL,
    "LimitExceeded.PhoneNumberThirtySecondLimit": _SOON,
    "LimitExceeded.DeliveryFrequencyLimit": _SOON,
    "LimitExceeded.AppDailyLimit": _SPENT,
    "LimitExceeded.AppMainlandChinaDailyLimit": _SPENT,
    "LimitExceeded.DailyLimit": _SPENT,
    "RequestLimitExceeded": _BUSY,
    "FailedOperation.InsufficientBalanceInSmsPackage": _ACCOUNT,
    "UnauthorizedOperation.ServiceSuspendDueToArrears": _ACCOUNT,
    "UnauthorizedOperation.SdkAppIdIsDisabled": _ACCOUNT,
    "FailedOperation.SignatureIncorrectOrUnapproved": Refusal(
        words="the sign is not approved"
    ),
    "FailedOperation.TemplateIncorrectOrUnapproved": _TEMPLATE,
    "FailedOperation.TemplateUnapprovedOrNotExist": _TEMPLATE,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": Refusal(
        words="the parameters are not those of the template"
    ),
    "InvalidParameterValue.TemplateParameterLengthLimit": Refusal(
        words="a parameter is too long"
    ),
    "InvalidParameterValue.ContentLengthLimit": Refusal(
        words="the message is too long"
    ),
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": Refusal(
        words="no address in a parameter: put its beginning into the template"
    ),
    "InvalidParameterValue.SdkAppIdNotExist": Refusal(words="no such application"),
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": Refusal(
        words="the application is of another account"
    ),
    "FailedOperation.ContainSensitiveWord": _WORD,
    "FailedOperation.PhoneNumberInBlacklist": Refusal(
        words="this number takes no messages"
    ),
    "InvalidParameterValue.IncorrectPhoneNumber": _NUMBER,
    "FailedOperation.PhoneNumberParseFail": _NUMBER,
    "AuthFailure.SignatureExpire": Refusal(
        words="the clock of this machine is wrong", permanent=False
    ),
    "InternalError.Timeout": _LOST,
    "InternalError.SendAndRecvFail": _LOST,
}
# Whole families whose members mean the same.
_FAMILIES = {
    "AuthFailure": _KEY,
    "UnauthorizedOperation": _KEY,
    "InternalError": Refusal(words="the provider has a fault", permanent=False),
    "ResourceUnavailable": Refusal(words="the provider has a fault", permanent=False),
    "LimitExceeded": _SOON,
}


def refusal_of(code: str) -> Refusal:
    """Return what ``code`` means; an unknown one is refused for good."""
    if not code:
        return UNREAD
    family = _FAMILIES.get(code.split(".")[0])
    return REFUSALS.get(code) or family or Refusal(words="the provider refused it")
