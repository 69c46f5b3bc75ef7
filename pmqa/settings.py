"""The one settings module. Every difference between machines comes from the environment (docs/operations.md)."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- where we run -----------------------------------------------------------------------------
PMQA_ENV = env.str("PMQA_ENV", default="embedded")
if PMQA_ENV not in ("embedded", "production"):
    raise ImproperlyConfigured(f"PMQA_ENV must be embedded or production, not {PMQA_ENV!r}.")
PRODUCTION = PMQA_ENV == "production"
VAR = Path(env.str("PMQA_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = False
DEMO = env.bool("DEMO", default=not PRODUCTION)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")


def _secret_key() -> str:
    """SECRET_KEY, else the file SECRET_KEY_FILE; on the embedded default a key made once in var/secret-key."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    if path := env.str("SECRET_KEY_FILE", default=""):
        return Path(path).read_text(encoding="utf-8").strip()
    if PRODUCTION:
        raise ImproperlyConfigured("Set SECRET_KEY or SECRET_KEY_FILE.")
    path = VAR / "secret-key"
    if not path.exists():
        # Linked into place whole: a start that is killed half-way leaves no empty key, and of two the first wins.
        with tempfile.NamedTemporaryFile("w", dir=VAR, prefix="secret-key.") as fresh:
            fresh.write(secrets.token_urlsafe(50))
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, path)
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])


def _public_url() -> str:
    """PUBLIC_URL; on the embedded default where `make run` last listened; else nothing, and papers name no host."""
    remembered = VAR / "public-url"
    fallback = remembered.read_text(encoding="utf-8") if not PRODUCTION and remembered.exists() else ""
    address = env.str("PUBLIC_URL", default="") or fallback.strip()
    if address and not address.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"PUBLIC_URL must begin with http:// or https://, not {address!r}.")
    return address


# Printed in seals and QR codes.
PUBLIC_URL = _public_url()

# --- apps -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "pmqa.accounts",
    "pmqa.jobs",
    "pmqa",
    "criteria",
    "assessments",
    "reviews",
    "results",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "rules",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pmqa.accounts.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pmqa.accounts.middleware.SecondFactorMiddleware",
    "pmqa.addresses.without_nul",
    "pmqa.reopened.ReopenedMiddleware",
    "pmqa.typed.TypedTextMiddleware",
    "assessments.middleware.ReadingMiddleware",
]
ROOT_URLCONF = "pmqa.urls"
WSGI_APPLICATION = "pmqa.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "pmqa.navigation.navigation",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- database, cache --------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "timeout": 20,
        # Take the write lock at BEGIN: a read that turns into a write later would fail at once under load.
        "transaction_mode": "IMMEDIATE",
        # FULL, not NORMAL: in WAL mode NORMAL can lose the last commits at power loss.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
# In the database, so that a dead broker cannot stop a log-in.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# --- background work: the job table is the truth, the broker only carries ids ------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
# Beat looks up so often whether it should stop.
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
# By seconds. What comes too late is dropped: the next one does its work.
_CLOCK = {
    "pmqa.jobs.tasks.sweep": 10,
    "reviews.tasks.finalise_due": 60,
    "reviews.tasks.expire_tickets": 60,
    "results.tasks.issue_due": 60,
    "assessments.tasks.log_readings": 60,
    "assessments.tasks.tidy_evidence": 900,
    "assessments.tasks.clear_prints": 3600,
    "results.tasks.clear_exports": 3600,
    "results.tasks.follow_plans": 3600,
}
CELERY_BEAT_SCHEDULE = {
    task.rpartition(".")[2]: {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}
    for task, seconds in _CLOCK.items()
}
# A request that finds the broker down goes on at once; kombu would try again for six seconds. The sweep sends it later.
_at_once = {"max_retries": 0}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = _at_once | {
        "visibility_timeout": 900,
        "socket_connect_timeout": 0.5,
        "socket_timeout": 5,
    }
else:
    _queue = VAR / "queue"
    for _name in ("messages", "control", "processed"):
        (_queue / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = _at_once | {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "processed_folder": str(_queue / "processed"),
        "store_processed": False,
    }

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "pmqa" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Bangkok"

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# WhiteNoise warns where the folder is missing, and warnings are errors here.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
# A part has at most 8 fields of 20,000 characters, at most 4 bytes each, percent-encoded threefold.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Evidence: the most of one file, of all files of one assessment, and what stays free on the disk.
_MEGABYTE = 1024 * 1024
EVIDENCE_FILE_BYTES = env.int("EVIDENCE_FILE_MB", default=50) * _MEGABYTE
EVIDENCE_TOTAL_BYTES = env.int("EVIDENCE_TOTAL_MB", default=1024) * _MEGABYTE
EVIDENCE_FREE_BYTES = env.int("EVIDENCE_FREE_MB", default=2048) * _MEGABYTE
# "host:port" or "unix:/path" of a ClamAV daemon; empty: files are not scanned.
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")
FILE_UPLOAD_HANDLERS = [
    "assessments.files.upload_handlers.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "pmqa.accounts.backends.EmailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "pmqa.accounts.adapter.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# One proxy of ours stands before production: the rate limits count the address that it saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    # What anybody may read without log-in.
    "open_data": "60/m/ip",
}
# Under which terms what is open to everybody may be used; said in every file of it.
OPEN_DATA_LICENCE = env.str(
    "OPEN_DATA_LICENCE", default="Creative Commons Attribution 4.0 International (CC BY 4.0)"
)
# Who must have a second factor: everybody (all), OPDC staff (staff), nobody (off; embedded only).
MFA_POLICY = env.str("MFA_POLICY", default="all" if PRODUCTION else "off")
if MFA_POLICY not in ("all", "staff", "off"):
    raise ImproperlyConfigured(f"MFA_POLICY must be all, staff or off, not {MFA_POLICY!r}.")
if PRODUCTION and MFA_POLICY == "off":
    raise ImproperlyConfigured("MFA_POLICY off is refused in production.")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PMQA 4.0"
# Whoever signs, or changes how they sign in, has entered the password or a second factor again within this time.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

# --- security ---------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pmqa.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # Probes come from the load balancer over plain http.
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_SECURE = True

# --- mail, logs -------------------------------------------------------------------------------
if EMAIL_URL := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="pmqa@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "pmqa.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "WARNING"},
    },
}
