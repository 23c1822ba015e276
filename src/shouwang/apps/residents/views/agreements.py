"""Pages of what was agreed: begun on a consent, changed, ended, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.apps.communities.access import for_member, me
from shouwang.apps.communities.forming import FormPage, form_page
from shouwang.apps.communities.models import Member, Role
from shouwang.apps.residents.forms.agreements import (
    WINDOWS_MOST,
    AgreementForm,
    ConsentForm,
    EndForm,
    WindowFormSet,
    WithdrawForm,
    window_initial,
)
from shouwang.apps.residents.models import Agreement, Consent, Home
from shouwang.apps.residents.presets import presets_of, usual_windows
from shouwang.apps.residents.selectors import (
    agreement_for,
    consent_for,
    consents_standing,
    home_for,
    signal_kinds,
    terms_of,
)
from shouwang.apps.residents.services import (
    AgreementDraft,
    agreement_change as change_agreement,
    agreement_end as end_agreement,
    agreement_start,
    consent_record,
    consent_withdraw as withdraw_consent,
)
from shouwang.apps.residents.strip import bands_of, strip_svg
from shouwang.apps.residents.words import (
    expectation_sentence,
    signal_words_of,
    state_words_of,
    terms_problem_words,
)
from shouwang.common import clock
from shouwang.common.errors import NotFoundError, RefusedError
from shouwang.domain.schedule import Expectation, terms_problems
from shouwang.domain.signals import Nature


def agreements_block(home: Home) -> dict[str, Any]:
    """Return what a home's page shows of consent and agreements."""
    running = home.agreements.filter(ended_at__isnull=True)
    ended = home.agreements.filter(ended_at__isnull=False).order_by("-ended_at")
    return {
        "agreements": [
            agreement_words(row) for row in running.prefetch_related("expectations")
        ],
        "ended": [agreement_words(row) for row in ended[:10]],
        "consents": home.consents.order_by("-agreed_on", "-pk"),
    }


def agreement_words(row: Agreement) -> dict[str, Any]:
    """Return an agreement with its strip and its sentences."""
    windows = terms_of(row).expectations
    return {
        "row": row,
        "signal": signal_words_of(row.community_id).get(row.signal, row.signal),
        **_preview(row.community_id, row.signal, windows),
    }


def _preview(
    community_id: int, signal: str, windows: Sequence[Expectation]
) -> dict[str, Any]:
    states = state_words_of(community_id)
    sentences = [
        expectation_sentence(row, signal=signal, states=states) for row in windows
    ]
    strip = strip_svg(bands_of(windows), words=" ".join(sentences))
    return {"sentences": sentences, "strip": strip}


@for_member(Role.COORDINATOR)
def agreement_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a signal; then agree on its windows, on a consent."""
    member = me(request)
    home = home_for(member, pk)
    signal = request.GET.get("signal", "")
    if not signal:
        return _choose_signal(request, home)
    kind = signal_kinds(home.community_id).get(signal)
    if kind is None or kind.nature is Nature.MARK:
        raise NotFoundError(
            "unknown_signal", _("This kind of signal is not known here.")
        )
    today = clock.local_day(clock.now(), home.community.zone)
    presets = {
        row.key: row.windows
        for row in presets_of(home.community)
        if row.signal == signal
    }
    windows = presets.get(request.GET.get("preset", "")) or usual_windows(kind)
    page = _AgreementPage(request, home, signal, windows=windows, valid_from=today)
    return page.answer(lambda draft: _start(page, member, draft))


def _choose_signal(request: HttpRequest, home: Home) -> HttpResponse:
    names = signal_words_of(home.community_id)
    kinds = [
        (kind.kind, names[kind.kind])
        for kind in signal_kinds(home.community_id).values()
        if kind.nature is not Nature.MARK
    ]
    context = {
        "home": home,
        "kinds": kinds,
        "presets": presets_of(home.community),
    }
    return render(request, "residents/agreement_signal.html", context)


@transaction.atomic
def _start(page: _AgreementPage, member: Member, draft: AgreementDraft) -> None:
    now = clock.now()
    chosen = page.consent_form.consent_id
    consent = (
        consent_for(member, chosen)
        if chosen
        else consent_record(
            home=page.home, draft=page.consent_form.draft(), by=member, now=now
        )
    )
    agreement_start(home=page.home, consent=consent, draft=draft, by=member, now=now)


@for_member(Role.COORDINATOR)
def agreement_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next version of an agreement; running checks keep theirs."""
    member = me(request)
    row = agreement_for(member, pk)
    tomorrow = clock.local_day(clock.now(), row.community.zone) + timedelta(days=1)
    page = _AgreementPage(
        request,
        row.home,
        row.signal,
        windows=terms_of(row).expectations,
        valid_from=tomorrow,
        before=row,
    )
    return page.answer(
        lambda draft: change_agreement(
            agreement=row, draft=draft, by=member, now=clock.now()
        )
    )


class _AgreementPage:
    """The forms of one agreement, its preview, and its saving."""

    def __init__(
        self,
        request: HttpRequest,
        home: Home,
        signal: str,
        *,
        windows: Sequence[Expectation],
        valid_from: Any,
        before: Agreement | None = None,
    ) -> None:
        self.request, self.home, self.signal, self.before = (
            request,
            home,
            signal,
            before,
        )
        data = request.POST or None
        states = state_words_of(home.community_id)
        kind = signal_kinds(home.community_id)[signal]
        blank: list[Expectation | None] = [None] * (WINDOWS_MOST - len(windows))
        self.windows = WindowFormSet(
            data,
            prefix="window",
            initial=[window_initial(row) for row in [*windows, *blank]],
            form_kwargs={
                "states": [(state, states[signal, state]) for state in kind.states]
            },
        )
        initial: dict[str, Any] = {"valid_from": valid_from}
        if before is not None:
            names = ("review_on", "seen_from", "require_change")
            initial |= {name: getattr(before, name) for name in names}
        self.form = AgreementForm(data, initial=initial)
        self.consent_form = ConsentForm(data, standing=consents_standing(home=home))

    def answer(self, save: Any) -> HttpResponse:
        """Show the forms, or a preview of them, or save what is sound."""
        is_sent = self.request.method == "POST"
        if is_sent and "preview" in self.request.POST | self.request.GET:
            return self._render(is_preview=True)
        if is_sent and self._is_valid():
            draft = self.form.draft(self.signal, self._expectations())
            try:
                save(draft)
            except RefusedError as error:
                self.form.add_error(None, str(error))
            else:
                return redirect("residents:home", pk=self.home.pk)
        return self._render()

    def _is_valid(self) -> bool:
        forms: list[Any] = [self.windows, self.form]
        if self.before is None:
            forms.append(self.consent_form)
        # Each is asked, so that all that is wrong is shown at once.
        sound = [form.is_valid() for form in forms]
        return all(sound)

    def _expectations(self) -> tuple[Expectation, ...]:
        found = [form.expectation() for form in self.windows if form.is_valid()]
        return tuple(row for row in found if row is not None)

    def _shown(self, *, is_preview: bool) -> dict[str, Any]:
        """Return the preview of what is filled in, else of what stands there at first."""
        if self.request.method != "POST":
            initial = [form.initial for form in self.windows]
            windows = tuple(_expectation(row) for row in initial if row.get("label"))
            return _preview(self.home.community_id, self.signal, windows)
        if not self.windows.is_valid():
            return {"sentences": [], "strip": "", "problems": self.windows_problems()}
        windows = self._expectations()
        terms = AgreementDraft(
            signal=self.signal,
            expectations=windows,
            valid_from=clock.local_day(clock.now(), self.home.community.zone),
        ).terms()
        problems = [terms_problem_words(row) for row in terms_problems(terms)]
        shown = _preview(self.home.community_id, self.signal, windows)
        return {**shown, "problems": problems if is_preview else []}

    def windows_problems(self) -> list[str]:
        """Return what is wrong inside the windows, once each."""
        rows = [
            words
            for form in self.windows
            for words_of_field in form.errors.values()
            for words in words_of_field
        ]
        return list(dict.fromkeys(map(str, rows)))

    def _render(self, *, is_preview: bool = False) -> HttpResponse:
        context = {
            "home": self.home,
            "signal": signal_words_of(self.home.community_id)[self.signal],
            "windows": self.windows,
            "form": self.form,
            "consent_form": self.consent_form if self.before is None else None,
            "preview": self._shown(is_preview=is_preview),
            "before": self.before,
        }
        is_part = self.request.headers.get("HX-Request") == "true"
        template = "residents/_preview.html" if is_part else "residents/agreement.html"
        is_wrong = not is_preview and bool(
            self.form.errors or any(self.windows.errors) or self.consent_form.errors
        )
        return render(self.request, template, context, status=422 if is_wrong else 200)


def _expectation(given: Mapping[str, Any]) -> Expectation:
    return Expectation(
        label=given["label"],
        opens=given["opens"],
        due=given["due"],
        grace=timedelta(minutes=given["grace"]),
        days=frozenset(given["days"]),
        well=frozenset(given["well"]),
    )


@for_member(Role.COORDINATOR)
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an agreement, for a reason."""
    row = agreement_for(me(request), pk)
    form = EndForm(request.POST or None)

    def save() -> HttpResponse:
        end_agreement(
            agreement=row, reason=form.cleaned_data["reason"], now=clock.now()
        )
        return redirect("residents:home", pk=row.home_id)

    page = FormPage(
        title=_("End the agreement"),
        intro=_("From now on nobody looks up to this window. What was recorded stays."),
        send=_("End it"),
        back=reverse("residents:home", args=[row.home_id]),
    )
    return form_page(request, form, page, save)


@for_member(Role.COORDINATOR)
def agreement_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the agreement in big print, for the resident's door and for signing."""
    row = agreement_for(me(request), pk)
    context = {"home": row.home, "community": row.community, **agreement_words(row)}
    return render(request, "residents/agreement_card.html", context)


@for_member(Role.COORDINATOR)
def consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a consent; every agreement that rests on it ends at once."""
    member = me(request)
    row: Consent = consent_for(member, pk)
    form = WithdrawForm(request.POST or None)

    def save() -> HttpResponse:
        withdraw_consent(
            consent=row,
            said_by=form.cleaned_data["said_by"],
            by=member,
            now=clock.now(),
        )
        return redirect("residents:home", pk=row.home_id)

    page = FormPage(
        title=_("Withdraw the consent"),
        intro=_("The watch that rests on it stops at once. What was recorded stays."),
        send=_("Withdraw"),
        back=reverse("residents:home", args=[row.home_id]),
    )
    return form_page(request, form, page, save)
