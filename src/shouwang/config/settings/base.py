"""Settings shared by every way of running; each ``SHOUWANG_…`` is in docs/reference."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from shouwang.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parents[2]


def _env(name: str, default: str = "") -> str:
    return os.environ.get(f"SHOUWANG_{name}", default)


DATA_DIR = Path(_env("DATA_DIR", "var")).absolute()
SECRET_KEY = secret_key(DATA_DIR, _env("SECRET_KEY"))
DEBUG = False
ALLOWED_HOSTS = _env("ALLOWED_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [row for row in _env("TRUSTED_ORIGINS").split(",") if row]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_htmx",
    "template_partials",
    "simple_history",
    "shouwang.apps.communities",
    "shouwang.apps.privacy",
    "shouwang.apps.residents",
    "shouwang.apps.outbox",
    "shouwang.apps.duty",
    "shouwang.apps.watch",
    "shouwang.apps.habits",
    "shouwang.apps.rounds",
    "shouwang.apps.alerts",
    "shouwang.apps.volunteers",
    "shouwang.apps.care",
    "shouwang.apps.visits",
    "shouwang.apps.activities",
    "shouwang.apps.calendars",
    "shouwang.apps.neighbours",
    "shouwang.apps.dispatch",
    "shouwang.apps.practices",
    "shouwang.apps.desk",
    "shouwang.apps.reports",
    "shouwang.apps.vitals",
    "shouwang.apps.family",
    "shouwang.apps.drills",
    "shouwang.apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shouwang.apps.vitals.middleware.RequestSecondsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shouwang.apps.communities.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shouwang.apps.communities.middleware.ApiErrorMiddleware",
    "shouwang.apps.communities.middleware.CommunityMiddleware",
    "shouwang.apps.communities.middleware.ErrorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shouwang.config.urls"
ASGI_APPLICATION = "shouwang.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouwang.apps.desk.context.desk",
            ],
        },
    },
]

# Our own field.html, with the label, the help and what is wrong where they belong.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": dj_database_url.parse(
        _env("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'shouwang.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
# One writer at a time: whoever writes takes the lock at once and waits for it, instead
# of failing half-way. FULL: what was answered with yes survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS

AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk:board"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
# Found where they lie; nothing is collected, so there is no STATIC_ROOT.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = DATA_DIR / "photos"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": _env("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}},
}

# How the parts that must not know each other meet: the watch tells its followers what
# changed, in the same transaction; the runner makes its passes and audits in order.
WATCH_FOLLOWERS = ["shouwang.apps.alerts.following.changes_follow"]
# Told of every alert that a person closes, in the same transaction.
ALERT_FOLLOWERS = ["shouwang.apps.care.following.alert_closed"]
# Told of everything that happens to a need, in the same transaction; and what others add
# to its page.
NEED_FOLLOWERS = ["shouwang.apps.dispatch.following.need_moved"]
NEED_PANELS = ["shouwang.apps.dispatch.panel.need_panel"]
RUNNER_PASSES = [
    "shouwang.apps.alerts.stalling.stalls_tell",
    "shouwang.apps.watch.services.checks_make_ahead",
    "shouwang.apps.watch.services.checks_decide_due",
    "shouwang.apps.alerts.missed_rounds.held_back_open_due",
    "shouwang.apps.alerts.returning.returns_ask_due",
    "shouwang.apps.alerts.unusual.unusual_ask_due",
    "shouwang.apps.alerts.services.ladders_keep_time",
    "shouwang.apps.alerts.services.ladders_advance_due",
    "shouwang.apps.rounds.services.covering.offers_make_due",
    "shouwang.apps.rounds.offering.offers_tell_due",
    "shouwang.apps.rounds.reporting.reports_call_due",
    "shouwang.apps.reports.services.digests_write_due",
    "shouwang.apps.vitals.lines.lines_write_due",
    "shouwang.apps.family.services.families_tell_due",
    "shouwang.apps.dispatch.services.runs_move_due",
    "shouwang.apps.dispatch.services.reminders_tell_due",
    "shouwang.apps.activities.telling.eves_tell_due",
    "shouwang.apps.privacy.services.leavings_forget_due",
    "shouwang.apps.volunteers.services.volunteers_forget_due",
]
RUNNER_AUDITS = [
    "shouwang.apps.watch.selectors.checks_undecided",
    "shouwang.apps.alerts.selectors.ladders_overdue",
]
# When a home's people were last among people: each is called with ``community`` and
# answers with times by home. Other apps add their own.
COMPANY_SOURCES = [
    "shouwang.apps.visits.selectors.company.met_at_the_door",
    "shouwang.apps.visits.selectors.company.met_at_visits",
    "shouwang.apps.visits.selectors.company.met_in_chats",
    "shouwang.apps.activities.selectors.homes.last_out_of_homes",
    "shouwang.apps.dispatch.selectors.company.met_for_company",
]
# Further parts of the file that a phone saved: what each name in it is brought in by.
PHONE_FILE_PARTS = {
    "visits": "shouwang.apps.visits.services.phone_files.visits_bring_in",
    "chats": "shouwang.apps.visits.services.phone_files.chats_bring_in",
}
# Who does not sit at the desk sees a home only for one of these: what they carry now.
HOMES_CARRIED = [
    "shouwang.apps.rounds.selectors.walking.home_ids_walked",
    "shouwang.apps.care.selectors.home_ids_helped",
    "shouwang.apps.visits.selectors.planning.home_ids_visited",
]
# What each app tells of a home's story: function(home, begin, end) -> entries.
HOME_STORY = [
    "shouwang.apps.residents.home_story.residents_tell",
    "shouwang.apps.alerts.home_story.watch_tells",
    "shouwang.apps.alerts.home_story.alerts_tell",
    "shouwang.apps.neighbours.home_story.neighbours_tell",
    "shouwang.apps.care.home_story.needs_tell",
    "shouwang.apps.visits.home_story.visits_tell",
    "shouwang.apps.activities.home_story.activities_tell",
]
# Windows to begin an agreement with, beside what is usual.
AGREEMENT_PRESETS = "shouwang.apps.practices.selectors.presets_of"
# Told of a home that leaves, in the same transaction: nothing planned for it stays.
LEAVING_FOLLOWERS = [
    "shouwang.apps.alerts.forgetting.alerts_close",
    "shouwang.apps.care.forgetting.needs_stop",
    "shouwang.apps.visits.forgetting.visits_stop",
    "shouwang.apps.activities.leaving.invitations_end",
    "shouwang.apps.family.leaving.families_end",
    "shouwang.apps.rounds.leaving.rounds_pass_by",
]
# Take names and free words out once the time of keeping is over, each of its own
# tables; the residents last, because the others find her words by her address.
FORGETTERS = [
    "shouwang.apps.watch.forgetting.watch_forget",
    "shouwang.apps.neighbours.forgetting.reports_forget",
    "shouwang.apps.alerts.forgetting.alerts_forget",
    "shouwang.apps.care.forgetting.care_forget",
    "shouwang.apps.visits.forgetting.visits_forget",
    "shouwang.apps.activities.forgetting.activities_forget",
    "shouwang.apps.dispatch.forgetting.dispatch_forget",
    "shouwang.apps.volunteers.forgetting.acquaintance_forget",
    "shouwang.apps.outbox.forgetting.outbox_forget",
    "shouwang.apps.reports.forgetting.digests_forget",
    "shouwang.apps.residents.forgetting.residents_forget",
]
# The same for a volunteer who left, called with whether they were here for nothing else.
HELPER_FORGETTERS = [
    "shouwang.apps.volunteers.forgetting.helper_forget",
    "shouwang.apps.care.forgetting.helper_forget",
    "shouwang.apps.dispatch.forgetting.helper_forget",
    "shouwang.apps.outbox.forgetting.helper_forget",
    "shouwang.apps.communities.forgetting.person_forget",
]
# Slow work without a deadline, which the sender does beside the runner's ticks.
SENDER_PASSES = [
    "shouwang.apps.reports.services.digests_draw_due",
    "shouwang.apps.habits.services.habits_learn_due",
]
# The outbox asks whoever owns the subject of a message for its words, and tells who
# follows when every way to a person has failed.
OUTBOX_SUBJECTS = {
    "alerts.alert": "shouwang.apps.alerts.telling.alerts_describe",
    "rounds.offer": "shouwang.apps.rounds.offering.offers_describe",
    "neighbours.reportcall": "shouwang.apps.rounds.reporting.calls_describe",
    "habits.habit": "shouwang.apps.habits.notes.drifts_describe",
    "vitals.latenessline": "shouwang.apps.vitals.lines.lines_describe",
    "reports.digest": "shouwang.apps.reports.services.digests_describe",
    "dispatch.ask": "shouwang.apps.dispatch.telling.asks_describe",
    "dispatch.notice": "shouwang.apps.dispatch.telling.notices_describe",
    "family.word": "shouwang.apps.family.services.saying.words_describe",
    "activities.activityword": "shouwang.apps.activities.telling.words_describe",
    "duty.dutychange": "shouwang.apps.duty.telling.changes_describe",
}
# What stands in the calendars that people read by a private link.
CALENDAR_SOURCES = [
    "shouwang.apps.calendars.sources.rounds.entries",
    "shouwang.apps.calendars.sources.duty.entries",
    "shouwang.apps.calendars.sources.activities.entries",
    "shouwang.apps.calendars.sources.needs.entries",
    "shouwang.apps.calendars.sources.visits.entries",
]
OUTBOX_FOLLOWERS = ["shouwang.apps.alerts.telling.nobody_was_reached"]
# Tells those whose community has set up no channel.
NOTIFY_CHANNEL = _env("CHANNEL", "console")
# Where people reach this program from outside, for the links in messages.
PUBLIC_URL = _env("PUBLIC_URL").rstrip("/")
HEARTBEAT_URL = _env("HEARTBEAT_URL")
METRICS_TOKEN = _env("METRICS_TOKEN")
