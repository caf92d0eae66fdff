"""One settings file, driven by the environment.

`var/environment` is written by the supervisor that `./run` starts, so that `manage.py` finds the
embedded servers beside a running application. A variable that is already set wins over it.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(env.str("CREDENTIALING_ENVIRONMENT", default=str(VAR_DIR / "environment")))

# --- What this installation is ---------------------------------------------------------------

DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
DEBUG = False  # Error pages are ours, also in development: a debug page shows what nobody may see.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    # A command that needs no secret (`assess` on a file, `check` in a fresh clone) still runs;
    # nothing is served or signed with it, because wsgi and Celery ask for a real one below.
    SECRET_KEY = "unset"  # noqa: S105
    SECRET_IS_SET = False
else:
    SECRET_IS_SET = True
if SECURE and not SECRET_IS_SET:
    raise ImproperlyConfigured("SECRET_KEY is not set; a site on https needs one of its own.")

SOCIETY_NAME = env.str("SOCIETY_NAME", default="American Balint Society")
SOCIETY_SHORT_NAME = env.str("SOCIETY_SHORT_NAME", default="ABS")
CREDENTIAL_TITLE = env.str("CREDENTIAL_TITLE", default="Credentialed Balint Group Leader")
PROCEDURE = env.str("PROCEDURE", default="abs-2007")  # pinned when an application is submitted

ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname]
if DEVELOPMENT:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]

# --- Apps, in the order of the house: lowest first -------------------------------------------

INSTALLED_APPS = [
    "credentialing",
    "credentialing.records",
    "credentialing.people",
    "applicants",
    "supervision",
    "intensives",
    "credentialing.standing",
    "reviews",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "credentialing.middleware.society_time",
    "credentialing.middleware.hostile_input",
    "credentialing.middleware.access_matrix",
    "credentialing.middleware.never_stored",
]

ROOT_URLCONF = "credentialing.urls"
WSGI_APPLICATION = "credentialing.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "credentialing.navigation.shell",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "credentialing.templatetags.words",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ------------------------------------------------------------------------------------

# The application's database role may not change what is append-only; migrations run as the owner:
# DATABASE_URL=$DATABASE_OWNER_URL ./manage.py migrate
DATABASE_URL = env.str("DATABASE_URL", default="postgresql:///credentialing")
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
APPLICATION_ROLE = env.str("DATABASE_APPLICATION_ROLE", default="credentialing_application")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        # Redis may be lost at any moment: throttling then forgets, nothing else does.
        "OPTIONS": {"IGNORE_EXCEPTIONS": True},
    }
}

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "documents"))
# The key that signs papers and credentials; made at first need, with a certificate of its own.
SIGNING_FOLDER = env.path("SIGNING_FOLDER", default=str(VAR_DIR / "signing"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- The worker ------------------------------------------------------------------------------

# One address, which Celery spells differently where it is a socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

# --- Letters ---------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
if "EMAIL_FILE_PATH" in vars() and not vars()["EMAIL_FILE_PATH"]:
    del EMAIL_FILE_PATH  # noqa: F821 - set by the line above
DEFAULT_FROM_EMAIL = env.str("LETTERS_FROM", default="Credentialing <credentialing@localhost>")

# --- Accounts --------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "credentialing.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "credentialing.people.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one takes its place once it is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # a code by letter recovers; it never signs in
# An account is never locked; see `accounts.AccountAdapter` for how guessing is slowed down.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
MFA_ADAPTER = "credentialing.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers allow it on localhost alone
# Chair, Council and administrators need a second factor. The demonstration does without one,
# so that it can be tried from the README alone.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEVELOPMENT)
# How long ago the second factor may have been used for a vote, a decision, a change of roles or an
# export of many; how long such a person may be idle; and how long any sitting lasts.
SECOND_FACTOR_FRESH_FOR = timedelta(minutes=env.int("SECOND_FACTOR_FRESH_MINUTES", default=15))
SITTING_IDLE = timedelta(hours=2)
SITTING_LASTS = timedelta(hours=12)
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

# --- The browser -----------------------------------------------------------------------------

SESSION_ENGINE = "credentialing.sessions"
SESSION_COOKIE_AGE = int(SITTING_LASTS.total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "credentialing.views.stale_form"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English"))]  # of the pages
LETTER_LANGUAGES = [("en-us", _("English")), ("es", "Español")]  # each person chooses theirs
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("SOCIETY_TIME_ZONE", default="America/New_York")  # until one is decided
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = ["credentialing.formats"]

# --- Logs: never a name, an address or a text of a case --------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "ERROR"}},
}
