"""Being told on a phone: the switch in its settings, and what the worker shows."""

from __future__ import annotations

import json

import pytest
from tests.apps import building as b
from tests.browser.phones import estate, phone_of, tap
from tests.browser.steps import tick

KEY = "BHYoT3hA1q8Tz8eI"
# A browser with a push service behind it, which no test may ask.
PUSH_SERVICE = """
  new MutationObserver((_, all) => {
    const phone = document.querySelector("[data-phone]");
    if (!phone) return;
    phone.dataset.push = "/api/v1/push";
    all.disconnect();
  }).observe(document, { childList: true, subtree: true });
  let made = null;
  PushManager.prototype.getSubscription = async () => made;
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly) throw new Error("must be visible");
    made = {
      endpoint: "https://push.example/1",
      options: { applicationServerKey: applicationServerKey.buffer },
      unsubscribe: async () => ((made = null), true),
      toJSON: () => ({ endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } }),
    };
    return made;
  };
"""


@pytest.fixture
def place(site):
    made = estate()
    tick(site, b.hour("07:35"))
    return made


def with_push(page, *, granted=True, status=200):
    """Give the phone a push service, and a server that takes what it is sent."""
    asked = []

    def answer(route):
        request = route.request
        asked.append((request.method, request.post_data_json))
        route.fulfill(status=status, json={"public_key": KEY})

    page.route("**/api/v1/push", answer)
    page.add_init_script(PUSH_SERVICE)
    if granted:
        page.context.grant_permissions(["notifications"])
    page.reload()
    page.wait_for_selector("[data-key=settings]")
    tap(page, "settings")
    return asked


def pressed(page, key):
    return page.get_attribute(f'[data-key="{key}"]', "aria-pressed")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_switch_tells_the_server_where_and_ends_it(
    site, place, page_at, picture, axe, language
):
    page = phone_of(page_at, language=language)
    asked = with_push(page)
    page.wait_for_selector("[data-key=push-false][aria-pressed=true]")
    tap(page, "push-true")
    page.wait_for_selector("[data-key=push-true][aria-pressed=true]")
    picture(page, f"phone-push-390-{language}")
    axe(page)
    keys = {"p256dh": "p", "auth": "a"}
    told = {"subscription": {"endpoint": "https://push.example/1", "keys": keys}}
    assert asked == [("GET", None), ("POST", told)]
    tap(page, "push-false")
    page.wait_for_selector("[data-key=push-false][aria-pressed=true]")
    assert asked[2:] == [("DELETE", {"endpoint": "https://push.example/1"})]


def test_a_server_that_does_not_take_it_leaves_it_off(site, place, page_at):
    page = phone_of(page_at, expected=("503",))
    with_push(page, status=503)
    tap(page, "push-true")
    page.wait_for_selector("text=没有办成")
    page.wait_for_selector("[data-key=push-false][aria-pressed=true]")
    assert pressed(page, "push-true") == "false"


def test_who_does_not_let_us_is_told_how_to_allow_it(site, place, page_at, picture):
    page = phone_of(page_at)
    page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    with_push(page, granted=False)
    page.wait_for_selector("text=网站设置")
    picture(page, "phone-push-denied-390-zh-Hans")
    assert page.query_selector("[data-key=push-true]") is None


def test_a_browser_that_cannot_says_which_can(site, place, page_at, picture):
    page = phone_of(page_at)
    with_push(page)
    page.add_init_script("delete window.PushManager")
    page.reload()
    page.wait_for_selector("[data-key=settings]")
    tap(page, "settings")
    page.wait_for_selector("text=微信里不行")
    picture(page, "phone-push-unsupported-390-zh-Hans")


def test_without_a_server_for_it_there_is_no_switch(site, place, page_at):
    page = phone_of(page_at)
    if page.get_attribute("[data-phone]", "data-push") is None:
        tap(page, "settings")
        page.wait_for_selector("[data-key=speak-true]")
        assert page.query_selector("text=用这部手机通知我") is None


SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const rows = await registration.getNotifications();
  return rows.map(({ title, body, tag, requireInteraction, data }) => ({ title, body, tag, requireInteraction, data }));
}"""


def deliver(page, text):
    """Let the browser's own push service wake the worker."""
    session = page.context.new_cdp_session(page)
    found = []

    def note(told):
        found.append(told)

    session.on("ServiceWorker.workerRegistrationUpdated", note)
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    [registration] = found[-1]["registrations"]
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.evaluate("() => location.origin"),
            "registrationId": registration["registrationId"],
            "data": text,
        },
    )
    session.detach()


def wait_until_shown(page, count, title):
    for _ in range(200):
        shown = page.evaluate(SHOWN)
        if len(shown) == count and any(row["title"] == title for row in shown):
            return shown
        page.wait_for_timeout(20)
    raise AssertionError(page.evaluate(SHOWN))


def test_a_message_is_shown_and_its_repeat_replaces_it(site, place, page_at):
    page = phone_of(page_at)
    page.context.grant_permissions(["notifications"])
    told = {"text": "3-2-401 窗帘未拉开", "link": "/phone/", "key": "alert-7"}
    deliver(page, json.dumps({**told, "title": "请去看看", "urgent": True}))
    wait_until_shown(page, 1, "请去看看")
    deliver(page, json.dumps({**told, "title": "还没有人去", "urgent": True}))
    [shown] = wait_until_shown(page, 1, "还没有人去")
    assert shown == {
        "title": "还没有人去",
        "body": "3-2-401 窗帘未拉开",
        "tag": "alert-7",
        "requireInteraction": True,
        "data": {"link": "/phone/"},
    }
    deliver(page, "no JSON")
    wait_until_shown(page, 2, "守望")
