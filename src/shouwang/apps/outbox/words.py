"""The words of the outbox: messages told together, and how a message fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _, ngettext, pgettext

from shouwang.apps.outbox.contents import Content
from shouwang.apps.outbox.models import MessageState
from shouwang.notify.message import Cause
from shouwang.notify.settings import Fault

NAMED_MOST = 20


def told_together(contents: Sequence[Content], *, is_personal: bool) -> str:
    """Return one text for several contents, the places by name.

    ``is_personal``: one person reads it, so that the links may be theirs.
    """
    buildings = {row.building for row in contents}
    count = len(contents)
    if len(buildings) == 1 and contents[0].building:
        head = ngettext(
            "%(count)d home in building %(building)s",
            "%(count)d homes in building %(building)s",
            count,
        ) % {"count": count, "building": contents[0].building}
    else:
        head = ngettext("%(count)d home", "%(count)d homes", count) % {"count": count}
    named = [_place(row, is_personal) for row in contents[:NAMED_MOST]]
    if count > NAMED_MOST:
        named.append(_("and %(count)d more") % {"count": count - NAMED_MOST})
    return _("%(head)s: %(words)s. %(asked)s\n%(places)s") % {
        "head": head,
        "words": contents[0].words,
        "asked": contents[0].asked,
        "places": "\n".join(named),
    }


def _place(row: Content, is_personal: bool) -> str:
    return f"· {row.place} {row.link if is_personal else row.page}".rstrip()


def names_together(names: Sequence[str]) -> str:
    """Return names as they stand in a sentence."""
    return pgettext("between names", ", ").join(names)


def message_state_words() -> Mapping[str, str]:
    """Return where a message stands, in words."""
    return {
        MessageState.QUEUED.value: _("waiting to be sent"),
        MessageState.SENT.value: _("sent"),
        MessageState.FAILED.value: _("not arrived yet, will be tried again"),
        MessageState.GIVEN_UP.value: _("could not be told"),
        MessageState.OVER.value: _("not needed any more"),
    }


def channel_words() -> Mapping[str, str]:
    """Return what each kind of channel is called."""
    return {
        "wecom": _("WeCom group robot"),
        "dingtalk": _("DingTalk group robot"),
        "feishu": _("Feishu group robot"),
        "sms_aliyun": _("Text message (Aliyun)"),
        "sms_tencent": _("Text message (Tencent)"),
        "email": _("E-mail"),
        "webpush": _("The walker's phone page"),
        "ntfy": _("ntfy"),
        "webhook": _("Webhook"),
        "apprise": _("Another service (Apprise address)"),
        "console": _("The program's own log"),
        "recording": _("The program's own log"),
    }


def channel_explained() -> Mapping[str, str]:
    """Return whom each kind of channel reaches, in one sentence."""
    return {
        "wecom": _("Posts to a WeCom group and calls people by their phone number."),
        "dingtalk": _("Posts to a DingTalk group and calls people by their number."),
        "feishu": _("Posts to a Feishu group."),
        "sms_aliyun": _("Reaches everybody with a mobile number, families too."),
        "sms_tencent": _("Reaches everybody with a mobile number, families too."),
        "email": _("Reaches everybody with an e-mail address."),
        "webpush": _("Rings on the phones on which somebody switched it on."),
        "ntfy": _("Reaches everybody who follows the topic."),
        "webhook": _("Tells another program, signed."),
        "apprise": _("For whatever is not in this list."),
    }


def setting_words() -> Mapping[str, str]:
    """Return what each setting of a channel asks for."""
    return {
        "robot": _("Address or key of the robot"),
        "secret": _("Secret for signing"),
        "keyword": _("Keyword"),
        "topic": _("Address of the topic"),
        "token": _("Access token"),
        "inside": _("It stands in our own network"),
        "url": _("Address"),
        "key_id": _("Access key ID"),
        "key_secret": _("Access key secret"),
        "sign": _("Signature of the messages"),
        "template": _("Number of the template"),
        "parameters": _("Parameters of the template, in order"),
        "template_text": _("Words of the template, as they were approved"),
        "longest": _("Longest value of a parameter"),
        "app_id": _("App ID"),
        "region": _("Region"),
        "host": _("Mail server"),
        "port": _("Port"),
        "security": _("Security"),
        "user": _("User name"),
        "password": _("Password"),
        "sender": _("Sender's address"),
        "sender_name": _("Sender's name"),
        "private_key": _("Key"),
        "subject": _("E-mail or web address of whoever is responsible"),
    }


def fault_words() -> Mapping[str, str]:
    """Return what is wrong with a setting, and what to do."""
    return {
        Fault.MISSING.value: _("This is needed."),
        Fault.NOT_AN_ADDRESS.value: _("This is not an address of that kind."),
        Fault.NOT_A_NUMBER.value: _("Give a number."),
        Fault.NOT_SECURE.value: _("The address must begin with https."),
        Fault.UNKNOWN_FORM.value: _(
            "This cannot be read. Paste it as the provider shows it."
        ),
        Fault.OTHER_PROVIDER.value: _("This belongs to another provider."),
        Fault.INSIDE.value: _(
            "This address is in our own network. Tick below if that is meant."
        ),
        Fault.HAS_OWN_CHANNEL.value: _(
            "Use the channel of its own for this: it notices when it was refused."
        ),
        Fault.NOT_ALLOWED.value: _("This kind is not allowed here."),
    }


def cause_words() -> Mapping[str, str]:
    """Return why a message did not go out, and what to do."""
    return {
        Cause.UNKNOWN.value: _("The provider did not take it."),
        Cause.NO_CONNECTION.value: _("The provider could not be reached."),
        Cause.NO_ANSWER.value: _("The provider did not answer."),
        Cause.BUSY.value: _("The provider is not working just now."),
        Cause.TOO_FAST.value: _(
            "Too many messages in a short time; it rests for a while."
        ),
        Cause.CLOCK.value: _("The clock of this computer is wrong."),
        Cause.WRONG_KEY.value: _(
            "The address or key is not valid any more. Enter it again."
        ),
        Cause.WRONG_SIGNATURE.value: _(
            "The secret for signing is wrong. Enter it again."
        ),
        Cause.KEYWORD.value: _("The robot asks for a keyword. Enter it."),
        Cause.SENDER_NOT_ALLOWED.value: _(
            "The provider does not allow this computer's address."
        ),
        Cause.SWITCHED_OFF.value: _("The robot or account is switched off."),
        Cause.INSIDE.value: _("The address is in our own network."),
        Cause.NOT_AN_ADDRESS.value: _("The address is not valid."),
        Cause.TOO_LONG.value: _("The message was too long."),
        Cause.PICTURE.value: _("The picture was not taken."),
        Cause.CONTENT.value: _("The provider refused the words."),
        Cause.REFUSED.value: _("The provider refused this message."),
    }
