"""All settings, one file. What differs between machines comes from the environment (``helpdesk.env``)."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from helpdesk import env

BASE_DIR = Path(__file__).resolve().parent.parent
INSTANCE = env.text("CIRCUNFLEJO_INSTANCE", "local")
VAR_DIR = Path(env.text("CIRCUNFLEJO_VAR", str(BASE_DIR / "var")))
BASE_URL = env.text("BASE_URL", "http://localhost:8400").rstrip("/")
SECURE = BASE_URL.startswith("https://")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", "only-for-commands-that-need-no-secret")
ENCRYPTION_KEYS = env.words("ENCRYPTION_KEYS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# Domains of public sites, as the operator points them here: ``ayuda.banco.co=banco,help.air.es=air``. A domain shows
# the site of its organization and nothing else (``helpdesk.middleware.OwnDomainMiddleware``).
PUBLIC_DOMAINS = dict(pair.lower().split("=", 1) for pair in env.words("PUBLIC_DOMAINS") if "=" in pair)

INSTALLED_APPS = [
    "helpdesk.apps.HelpdeskConfig",
    "channels_social.apps.ChannelsSocialConfig",
    "protocols.apps.ProtocolsConfig",
    "faq.apps.FaqConfig",
    "tickets.apps.TicketsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "helpdesk.middleware.OwnDomainMiddleware",
    "helpdesk.middleware.HooksFirstMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "helpdesk.middleware.SignedOnMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
ASGI_APPLICATION = "helpdesk.asgi.application"

# Our `i18n` takes the place of Django's on purpose (helpdesk/ui/templatetags/kept_i18n.py).
SILENCED_SYSTEM_CHECKS = ["templates.W003"]
TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "helpdesk.ui.rendering.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "helpdesk.ui.context.sandbox",
            ],
            "builtins": ["helpdesk.ui.templatetags.ui"],
            "libraries": {"i18n": "helpdesk.ui.templatetags.kept_i18n"},
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# --- Database: three roles, none of which can bypass row-level security (docs/ARCHITECTURE.md)
DATABASE_ROLE = env.text("DATABASE_ROLE", "app")
DATABASES = {
    "default": env.database(
        env.text("DATABASE_URL", "postgresql:///circunflejo"),
        role=DATABASE_ROLE,
        instance=INSTANCE,
        secret_key=SECRET_KEY,
    )
}
# Plans of often asked statements are kept by connection; off behind a pooler that lends them by transaction.
DATABASE_PLANS = env.flag("DATABASE_PLANS", True)
DATABASE_ROLES = {
    "app": env.role_name(INSTANCE, "app"),
    "worker": env.role_name(INSTANCE, "worker"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: sessions' cache, rate limits, push, Celery
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "helpdesk.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"cf:{INSTANCE}",
    }
}
CELERY_BROKER_URL = env.celery_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "global_keyprefix": f"cf:{INSTANCE}:"}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat-schedule")
CELERY_TASK_ROUTES = {"*.net_*": {"queue": "net"}, "*": {"queue": "inbox"}}

# --- People
AUTH_USER_MODEL = "helpdesk.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "helpdesk.entrance.adapter.EntranceAdapter"
SOCIALACCOUNT_ADAPTER = "helpdesk.entrance.adapter.SignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Circunflejo"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Cookies ignore ports: a second clone on this machine must not log this one out.
SESSION_COOKIE_NAME = f"cf_{INSTANCE}_session"
CSRF_COOKIE_NAME = f"cf_{INSTANCE}_csrf"
LANGUAGE_COOKIE_NAME = f"cf_{INSTANCE}_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Language and time
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "helpdesk.ui.storage.BundledStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media-is-served-by-a-view/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
WEBHOOK_MAX_BYTES = 1024 * 1024

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Circunflejo <no-responder@localhost>")

# --- Networks. With the sandbox on, its addresses and fixed credentials stand in for the real ones.
SANDBOX_URL = env.text("SANDBOX_URL").rstrip("/")


def _network(name: str, *, sandbox: str, real: str = "") -> str:
    return env.text(name, sandbox if SANDBOX_URL else real)


# An organization's own log-in may live on this machine only where the networks do.
SIGN_ON_LOCAL = bool(SANDBOX_URL)
X_API_URL = _network("X_API_URL", sandbox=f"{SANDBOX_URL}/x", real="https://api.x.com").rstrip("/")
X_AUTHORIZE_URL = _network(
    "X_AUTHORIZE_URL", sandbox=f"{SANDBOX_URL}/x/i/oauth2/authorize", real="https://x.com/i/oauth2/authorize"
)
X_CLIENT_ID = _network("X_CLIENT_ID", sandbox="sandbox-x-client")
X_CLIENT_SECRET = _network("X_CLIENT_SECRET", sandbox="sandbox-x-client-secret")
X_CONSUMER_SECRET = _network("X_CONSUMER_SECRET", sandbox="sandbox-x-consumer-secret")
X_APP_BEARER = _network("X_APP_BEARER", sandbox="sandbox-x-app-bearer")
GRAPH_VERSION = env.text("GRAPH_VERSION", "v25.0")
GRAPH_API_URL = _network(
    "GRAPH_API_URL", sandbox=f"{SANDBOX_URL}/graph", real="https://graph.facebook.com"
).rstrip("/")
FB_DIALOG_URL = _network(
    "FB_DIALOG_URL",
    sandbox=f"{SANDBOX_URL}/facebook/{GRAPH_VERSION}/dialog/oauth",
    real=f"https://www.facebook.com/{GRAPH_VERSION}/dialog/oauth",
)
FB_APP_ID = _network("FB_APP_ID", sandbox="900100200300400")
FB_APP_SECRET = _network("FB_APP_SECRET", sandbox="sandbox-fb-app-secret")
FB_VERIFY_TOKEN = _network("FB_VERIFY_TOKEN", sandbox="sandbox-fb-verify")
# Files people upload are held in memory, never in a temporary file: what is in them is cut and sealed first.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
# Signed calls of other systems, a minute: of one key, and badly signed ones of one address.
HOOK_IN_PER_MINUTE = 600
HOOK_IN_BAD_PER_MINUTE = 30
# The sandbox's mail server stands beside it: SMTP at its port and ten thousand, IMAP at twenty.
_SANDBOX_PORT = urlsplit(SANDBOX_URL).port or 80
SANDBOX_SMTP_PORT = int(env.text("SANDBOX_SMTP_PORT") or _SANDBOX_PORT + 10_000)
SANDBOX_IMAP_PORT = int(env.text("SANDBOX_IMAP_PORT") or _SANDBOX_PORT + 20_000)
# Invitations and alarms are read where the sandbox shows every letter; without it, in the log until a server is named.
EMAIL_HOST = env.text("EMAIL_HOST", urlsplit(SANDBOX_URL).hostname or "")
_BACKEND = "smtp" if EMAIL_HOST else "console"
EMAIL_BACKEND = env.text("EMAIL_BACKEND", f"django.core.mail.backends.{_BACKEND}.EmailBackend")
EMAIL_PORT = int(env.text("EMAIL_PORT") or (SANDBOX_SMTP_PORT if SANDBOX_URL else 25))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_USER"), env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.text("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10
# Mail servers that may be inside the house's own network and spoken to without encryption.
MAIL_TRUSTED_HOSTS = env.words(
    "MAIL_TRUSTED_HOSTS", f"localhost,127.0.0.1,{urlsplit(SANDBOX_URL).hostname}" if SANDBOX_URL else ""
)


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Seconds. Settings, so that a chaos run can finish while someone watches.
NETWORK_TIMEOUT = (3.05, float(env.text("NETWORK_READ_TIMEOUT", "20")))
OUTBOX_LEASE = int(env.text("OUTBOX_LEASE", "120"))
OUTBOX_RECONCILE_GAP = int(env.text("OUTBOX_RECONCILE_GAP", "60"))
OUTBOX_UNDO = int(env.text("OUTBOX_UNDO", "8"))
INBOX_LEASE = int(env.text("INBOX_LEASE", "60"))
POLL_LEASE = int(env.text("POLL_LEASE", "180"))
RESOLVE_WAIT = int(env.text("RESOLVE_WAIT", "60"))
POLL_EVERY = int(env.text("POLL_EVERY", "30" if SANDBOX_URL else "120"))
SEARCH_EVERY = int(env.text("SEARCH_EVERY", "60" if SANDBOX_URL else "600"))

# --- The public API
API_PER_MINUTE = int(env.text("API_PER_MINUTE", "600"))
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "tickets.api.problems.on_error",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Circunflejo",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.0.3",
    "SCHEMA_PATH_PREFIX": r"/api/v1/\{org\}",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        "TicketState": "tickets.enums.TicketState",
        "AskedState": "tickets.api.inputs.ASKED",
        "PqrKind": "tickets.enums.PqrKind",
        "IdentityKind": "tickets.enums.IdentityKind",
        "SendState": "channels_social.enums.ActionState",
        "DeliveryState": "tickets.api.models.DeliveryState",
    },
}
# Where webhooks may go although it is plain http or this machine: `host:port`, for development and tests only.
WEBHOOK_DEV_HOSTS = env.words("WEBHOOK_DEV_HOSTS")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # tweepy's DEBUG log prints headers, the bearer token among them.
    "loggers": {name: {"level": "INFO"} for name in ("tweepy", "requests_oauthlib", "oauthlib", "urllib3")}
    # Every doorbell and sweep would be three lines.
    | {name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.beat", "celery.worker.strategy")},
}
