"""Every setting of the house, read from the environment here and nowhere else."""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from fengqiao.site.addresses import database_of
from fengqiao.site.proxies import networks

# What this process is for: `demo` and `serve` answer people, `test` runs the tests, `tool` runs one command.
MODE = os.environ.get("FENGQIAO_MODE", "tool")
DEMO = MODE == "demo"

# Where files, keys and the embedded database live.
DATA_DIR = Path(os.environ.get("FENGQIAO_DATA", ".fengqiao/8000")).resolve()


def _secret_key() -> str:
    """Return the key from the environment or the data directory; a one-off command may do with a passing one."""
    if given := os.environ.get("FENGQIAO_SECRET_KEY"):
        return given
    kept = DATA_DIR / "secret-key"
    if kept.exists():
        return kept.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(48) if MODE in ("tool", "test") else ""


# Signs sessions and links. An empty one stops Django at start-up.
SECRET_KEY = _secret_key()
DEBUG = False

# Names under which this site answers, separated by commas.
ALLOWED_HOSTS = os.environ.get("FENGQIAO_HOSTS", "*" if MODE != "serve" else "localhost").split(",")
# Full addresses that forms may come from when a proxy stands in front, separated by commas.
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("FENGQIAO_ORIGINS", "").split(",") if origin]

# Addresses and networks of the proxies in front of us, separated by commas: only their word on who calls is believed.
FENGQIAO_TRUSTED_PROXIES = networks(os.environ.get("FENGQIAO_TRUSTED_PROXIES", ""))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "fengqiao.people",
    "fengqiao.audit",
    "fengqiao.access",
    # After our rooms, so that our pages for signing in are found first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "fengqiao.kits.web",
    "fengqiao.kits.files",
    "fengqiao.kits.notices",
    "fengqiao.cases",
    "fengqiao.modules.incidents",
    "fengqiao.modules.mediation",
    "fengqiao.modules.privacy",
    "fengqiao.across.intake",
    "fengqiao.across.duty",
    "fengqiao.across.village",
    "fengqiao.across.exchange",
    "fengqiao.across.cockpit",
    "fengqiao.across.mapping",
    "fengqiao.across.desk",
    "fengqiao.across.configuration",
    "fengqiao.simulation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "fengqiao.kits.web.middleware.CleanRequests",
    "fengqiao.kits.web.middleware.DistrictClock",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fengqiao.access.sessions.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fengqiao.site.urls"
WSGI_APPLICATION = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fengqiao.kits.web.context.page",
            ],
        },
    },
]

# Forms are drawn by kits/web: labels, help and one-sentence errors.
FORM_RENDERER = "fengqiao.kits.web.forms.HouseRenderer"
CSRF_FAILURE_VIEW = "fengqiao.kits.web.pages.csrf_failure"
# The name over the door; empty is the product's own.
FENGQIAO_NAME = os.environ.get("FENGQIAO_NAME", "")

# Connections a web process keeps open; 0 opens one when needed (commands, tests).
POOL = int(os.environ.get("FENGQIAO_POOL", "0"))
DATABASES = {"default": database_of(os.environ.get("DATABASE_URL", ""), pool=POOL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher" if MODE == "test" else "django.contrib.auth.hashers.Argon2PasswordHasher",
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

# Accounts are made by the centre, never by signing up.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "fengqiao.access.forms.AddPasskey", "edit_webauthn": "fengqiao.access.forms.RenamePasskey"}
MFA_TOTP_ISSUER = "Fengqiao"
# django-axes counts wrong passwords for all processes together; these hold back floods and guessed codes in each.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,20/5m/key"}
ACCOUNT_ADAPTER = "fengqiao.access.adapters.HouseAdapter"
MFA_ADAPTER = "fengqiao.access.adapters.HouseMfaAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# The accounts of the invented district have a password that everybody knows.
FENGQIAO_DEMO_ACCOUNTS = MODE in ("demo", "test")
# Whether something happens now and then in the demo: a report, a signature. Nothing of the kind happens where people work in earnest.
FENGQIAO_LIFE = DEMO and os.environ.get("FENGQIAO_LIFE", "yes") == "yes"
# Privileged posts need a second factor; the demo shows it without insisting.
FENGQIAO_MFA_REQUIRED = os.environ.get("FENGQIAO_MFA", "yes" if MODE == "serve" else "no") == "yes"
# Seconds somebody may be away before the session ends: in a privileged post, in any other.
FENGQIAO_IDLE_PRIVILEGED = int(os.environ.get("FENGQIAO_IDLE_PRIVILEGED", "1800"))
FENGQIAO_IDLE = int(os.environ.get("FENGQIAO_IDLE", "28800"))

# Wrong passwords: after so many, the account is closed to that address for a quarter of an hour.
AXES_FAILURE_LIMIT = int(os.environ.get("FENGQIAO_SIGN_IN_TRIES", "5"))
FENGQIAO_LOCK_MINUTES = int(os.environ.get("FENGQIAO_LOCK_MINUTES", "15"))
AXES_COOLOFF_TIME = FENGQIAO_LOCK_MINUTES / 60
AXES_LOCKOUT_CALLABLE = "fengqiao.access.pages.locked"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False

# Zone of the machine; people read times in the zone of their district. Everything is stored in UTC.
TIME_ZONE = os.environ.get("FENGQIAO_ZONE", "Asia/Shanghai")
USE_TZ = True
LANGUAGE_CODE = os.environ.get("FENGQIAO_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True

STATIC_URL = "/static/"
# Static files are served from where they stand; nothing is collected.
STATIC_ROOT = None
STATICFILES_DIRS = [Path(__file__).parent / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Behind TLS in earnest; the demo and the tests speak plain HTTP on this machine.
SECURE = os.environ.get("FENGQIAO_HTTPS", "yes" if MODE == "serve" else "no") == "yes"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "DENY"

# A licensed base map under our own: a key of Tianditu, or the addresses of another's tiles ({z}, {x}, {y}), split by spaces.
FENGQIAO_TIANDITU_KEY = os.environ.get("FENGQIAO_TIANDITU_KEY", "")
_TIANDITU = "https://t{n}.tianditu.gov.cn/{set}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={set}&STYLE=default"
_TIANDITU += "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
FENGQIAO_BASE_TILES = tuple(os.environ.get("FENGQIAO_BASE_TILES", "").split()) or (
    tuple(_TIANDITU.format(n=n, set="vec", key=FENGQIAO_TIANDITU_KEY) for n in range(8)) if FENGQIAO_TIANDITU_KEY else ()
)
FENGQIAO_BASE_CREDIT = os.environ.get("FENGQIAO_BASE_CREDIT", "天地图" if FENGQIAO_TIANDITU_KEY else "")
# Browsers may fetch pictures of the base map from where it is, and from nowhere else.
BASE_HOSTS = list(dict.fromkeys("/".join(address.split("/")[:3]) for address in FENGQIAO_BASE_TILES))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *BASE_HOSTS],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF, *BASE_HOSTS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# The largest body and the largest single file a form may send.
DATA_UPLOAD_MAX_MEMORY_SIZE = int(os.environ.get("FENGQIAO_MAX_BODY", str(2 * 1024 * 1024)))
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FENGQIAO_ANONYMOUS_REPORTS = int(os.environ.get("FENGQIAO_ANONYMOUS_REPORTS", "30"))
FENGQIAO_ANONYMOUS_PHOTOS = int(os.environ.get("FENGQIAO_ANONYMOUS_PHOTOS", "120"))
FENGQIAO_UNBOUND_FILES = int(os.environ.get("FENGQIAO_UNBOUND_FILES", "100"))
FENGQIAO_UNBOUND_BYTES = int(os.environ.get("FENGQIAO_UNBOUND_BYTES", str(500 * 1000 * 1000)))
FENGQIAO_UPLOAD_LIMIT = int(os.environ.get("FENGQIAO_UPLOAD_LIMIT", str(64 * 1000 * 1000)))
# Where uploaded files lie, and the class that keeps them (another store has the same four verbs).
FENGQIAO_FILES = Path(os.environ.get("FENGQIAO_FILES", str(DATA_DIR / "files")))
FENGQIAO_FILE_STORE = os.environ.get("FENGQIAO_FILE_STORE", "fengqiao.kits.files.storage.FolderStore")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("FENGQIAO_LOG", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}},
}

# Of 100 trifles settled on the spot, how many somebody else checks before they are closed (decision 8).
FENGQIAO_SPOT_SAMPLE = int(os.environ.get("FENGQIAO_SPOT_SAMPLE", "100"))

# Where the keys of sealed cases lie (never in the database, never in its backup), and where seals of the ledger go.
FENGQIAO_KEYS = Path(os.environ.get("FENGQIAO_KEYS", str(DATA_DIR / "keys")))
FENGQIAO_ANCHORS = Path(os.environ.get("FENGQIAO_ANCHORS", str(DATA_DIR / "anchors")))
# How many years after its end what was said in a case is kept (disputes ten, by law); then it is erased. 0 erases nothing by itself.
FENGQIAO_KEEP_YEARS = int(os.environ.get("FENGQIAO_KEEP_YEARS", "3"))
# How long an idempotency key is remembered.
FENGQIAO_KEY_DAYS = int(os.environ.get("FENGQIAO_KEY_DAYS", "90"))
# Whether webhooks may lead to plain http and into private networks: for tests, and for a receiver in the same closed network.
FENGQIAO_WEBHOOKS_INWARD = os.environ.get("FENGQIAO_WEBHOOKS_INWARD", "no") == "yes"

# Where this site is reached from outside, for links in messages that leave the house; empty sends none.
FENGQIAO_ADDRESS = os.environ.get("FENGQIAO_ADDRESS", "")
# Ways out of the house: the address of a signed JSON gateway, our name there, and our secret. Empty is off.
FENGQIAO_GATEWAYS: dict[str, dict[str, Any]] = {
    "sms": {
        "url": os.environ.get("FENGQIAO_SMS_URL", ""),
        "app": os.environ.get("FENGQIAO_SMS_APP", "fengqiao"),
        "secret": os.environ.get("FENGQIAO_SMS_SECRET", ""),
    },
    "dingtalk": {
        "url": os.environ.get("FENGQIAO_DINGTALK_URL", ""),
        "app": os.environ.get("FENGQIAO_DINGTALK_APP", "fengqiao"),
        "secret": os.environ.get("FENGQIAO_DINGTALK_SECRET", ""),
    },
    "wecom": {
        "url": os.environ.get("FENGQIAO_WECOM_URL", ""),
        "app": os.environ.get("FENGQIAO_WECOM_APP", "fengqiao"),
        "secret": os.environ.get("FENGQIAO_WECOM_SECRET", ""),
    },
    # Text messages by Aliyun instead: its address, our key, the approved signature, and for each message (or *) its template.
    "aliyun": {
        "url": os.environ.get("FENGQIAO_ALIYUN_SMS_URL", ""),
        "app": os.environ.get("FENGQIAO_ALIYUN_SMS_KEY", ""),
        "secret": os.environ.get("FENGQIAO_ALIYUN_SMS_SECRET", ""),
        "sign": os.environ.get("FENGQIAO_ALIYUN_SMS_SIGN", ""),
        "templates": dict(pair.split("=", 1) for pair in os.environ.get("FENGQIAO_ALIYUN_SMS_TEMPLATES", "").split() if "=" in pair),
    },
    # The provincial work chat itself (浙政钉): the host of its open platform, our application, our tenant.
    "zzd": {
        "url": os.environ.get("FENGQIAO_ZZD_URL", ""),
        "app": os.environ.get("FENGQIAO_ZZD_APP", ""),
        "secret": os.environ.get("FENGQIAO_ZZD_SECRET", ""),
        "tenant": os.environ.get("FENGQIAO_ZZD_TENANT", ""),
    },
}
# Chat groups that hear what is urgent, split by spaces: code of an organisation (or * for all) = an address of apprise.
FENGQIAO_CHATS = dict(pair.split("=", 1) for pair in os.environ.get("FENGQIAO_CHATS", "").split() if "=" in pair)
# When nobody is rung out of bed, by the district's clocks: officers may wish otherwise, emergencies and whoever has duty are not spared.
FENGQIAO_QUIET_HOURS = os.environ.get("FENGQIAO_QUIET_HOURS", "22:00-07:00")
# More messages than so many to one person by one way within so many minutes become one digest.
FENGQIAO_DIGEST_AFTER = int(os.environ.get("FENGQIAO_DIGEST_AFTER", "5"))
FENGQIAO_DIGEST_MINUTES = int(os.environ.get("FENGQIAO_DIGEST_MINUTES", "10"))
# The mail server; empty sends no mail. Security is starttls, tls or none.
EMAIL_HOST = os.environ.get("FENGQIAO_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("FENGQIAO_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("FENGQIAO_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FENGQIAO_SMTP_PASSWORD", "")
SMTP_SECURITY = os.environ.get("FENGQIAO_SMTP_SECURITY", "starttls")
EMAIL_USE_TLS = SMTP_SECURITY == "starttls"
EMAIL_USE_SSL = SMTP_SECURITY == "tls"
DEFAULT_FROM_EMAIL = os.environ.get("FENGQIAO_MAIL_FROM", "")
