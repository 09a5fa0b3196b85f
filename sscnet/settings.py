"""Settings of the portal: one file; what differs per place comes from the environment.

Production is the default. `.env.example` explains every variable.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import Env
from jinja2 import Undefined
from whitenoise.compress import Compressor

from sscnet.core.database.connections import LimitedConnection
from sscnet.web.undefined import NotGiven

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(env.path("ENV_FILE", BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", False)

REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
missing = [name for name in REQUIRED if not env.str(name, "")]
if DEBUG:
    missing = [name for name in missing if name == "DATABASE_URL"]
if missing:
    raise ImproperlyConfigured(
        f"set {', '.join(missing)} in the environment or in the file .env (see .env.example)."
    )

SECRET_KEY = env.str("SECRET_KEY", "") or "development-only"
# The first encrypts what must not stand in the database in clear; all of them decrypt.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", []) or [SECRET_KEY]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "secretariat.apps.SecretariatAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
    "sscnet.core",
    "sscnet.outbox",
    "sscnet.papers",
    "sscnet.monitoring",
    "sscnet.search",
    "sscnet.codelists",
    "members",
    "projects",
    "projects.calls",
    "meetings",
    "secretariat",
    "sscnet.core.i18n.apps.TranslationsConfig",
]

MIDDLEWARE = [
    "sscnet.monitoring.request_log.LogRequest",
    "sscnet.web.headers.SetHeaders",
    "secretariat.figures.seen.CountSeen",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "sscnet.web.errors.AnswerOutage",
    "secretariat.api.middleware.Api",
    "sscnet.web.bad_input.RefuseBadInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "sscnet.core.records.samples.ReadSamples",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sscnet.web.language.FollowLanguage",
    "sscnet.web.history.NoteHistory",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.accounts.sessions.idle.EndOldSessions",
    "members.accounts.second_factor.RequireSecondFactor",
    "sscnet.core.forms.kept_posts.KeepPosts",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "secretariat.pages.redirects.RedirectOldAddresses",
]

if DEBUG:
    MIDDLEWARE.append("sscnet.web.errors.PortalNotFound")

ROOT_URLCONF = "sscnet.urls"
WSGI_APPLICATION = "sscnet.wsgi.application"

TEMPLATES = [
    # The site's own pages.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        # Django's forms bring their templates in this language too.
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "sscnet.web.jinja2.ByLanguage",
            "context_processors": ["sscnet.core.forms.kept_posts.context_processor"],
            "filters": {
                "days_of": "meetings.programme.times.days_of",
                "markdown": "sscnet.web.markdown.markdown",
                "usd": "projects.catalogue.amounts.usd",
                "zone_in_words": "meetings.programme.times.zone_in_words",
            },
            "functions": {
                "newest_figure": "secretariat.pages.menu.newest_figure",
                "pages_of_menu": "secretariat.pages.menu.pages_of_menu",
            },
            # A name that a page is not given is an error in development and in tests.
            "undefined": NotGiven if DEBUG else Undefined,
        },
    },
    # The admin, mails, and the pages that packages bring.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            # Its `csrf_token` says whose form it is, on pages of packages too.
            "builtins": ["sscnet.core.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Forms take our own field template, so that every page shows label, help and error alike.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# A connection a request cuts the rate to a quarter; the pool reuses them. Not in development:
# runserver makes a thread a request and restarts often.
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
# The role of the pages where another one, which owns the tables, migrates (docs/security.md).
WEB_ROLE = env.str("WEB_ROLE", "")
if not DEBUG:
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", 4),
        "timeout": 3,
        # Given up early, it is begun anew by the next request; otherwise the pauses double.
        "reconnect_timeout": 2,
        "connection_class": LimitedConnection,
    }
    options.setdefault("connect_timeout", 3)
    # After a restart of the database nobody gets a connection of before.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Throttles and counters must hold across processes, so the cache lives in the database, or in a
# Valkey that several web nodes share; as JSON in both, so that what is read there runs no code.
CACHE_URL = env.str("CACHE_URL", "")
for server in map(urlsplit, CACHE_URL.replace(";", ",").split(",")):
    here = server.hostname in ("localhost", "127.0.0.1", "::1")
    if server.scheme == "redis" and not (here or DEBUG):
        raise ImproperlyConfigured(
            "CACHE_URL leads to another machine in clear: set rediss:// (docs/scale.md)."
        )
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "OPTIONS": {"serializer": "django.core.signing.JSONSerializer"},
    }
    if CACHE_URL
    else {"BACKEND": "sscnet.core.database.cache.JSONDatabaseCache"},
    # In the memory of each process alone (sscnet/core/pages/page_cache.py).
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

AUTH_USER_MODEL = "members.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "members.accounts.passwords.NetworkWordsValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# ------------------------------------------------------------------ sign-in (docs/security.md)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "secretariat:my"
LOGOUT_REDIRECT_URL = "secretariat:home"
ACCOUNT_ADAPTER = "members.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "members.accounts.forms.SignInForm",
    "request_login_code": "members.accounts.forms.CodeForm",
    "reset_password": "members.accounts.forms.NewPasswordForm",
    "add_email": "members.accounts.forms.NewAddressForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A new address is confirmed by a code sent to it, before anything is stored. For signing in nothing
# is to be confirmed: accounts are made by officers and by invitation (`get_login_stages`).
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_SESSION_REMEMBER = True
# By account first: what that stops does not count for the address, which an institute may share.
# `password_failed` and `mail` are ours (members/accounts/sessions/throttles.py): their key is the
# account with a device that has signed in before, or with a network; `_anywhere` the account alone.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # The second factor: whoever comes so far knows the first one.
    "login_failed": "5/5m/key,20/m/ip",
    "password_failed": "5/5m/key,20/h/key,50/d/key,20/m/ip",
    "password_failed_anywhere": "50/h/key,200/d/key",
    "mail": "3/m/key,10/h/key",
    "mail_anywhere": "20/h/key,60/d/key",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "enquiry": "20/h/ip,5/h/key",
    "invitation": "10/h/key",
}
# Counted from signing in: use does not make a session longer.
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_SERIALIZER = "sscnet.core.personal_data.encryption.EncryptedSerializer"
STAFF_IDLE_SECONDS = 12 * 60 * 60
MFA_ADAPTER = "members.accounts.adapters.SecondFactorAdapter"
USERSESSIONS_ADAPTER = "members.accounts.adapters.SessionsAdapter"
MFA_FORMS = {
    "add_webauthn": "members.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "members.accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "China South-South Cooperation Network"
# Clocks of phones and servers differ.
MFA_TOTP_TOLERANCE = 1
# The address of an account comes from an officer or an invitation, never from its owner.
MFA_ALLOW_UNVERIFIED_EMAIL = True
if DEBUG:
    MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    MFA_TOTP_INSECURE_BYPASS_CODE = "246810"

# ------------------------------------------------------------------ languages

LANGUAGE_CODE = "en"
# How to add one: docs/developers.md.
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
# Below these each sees the pages in the own language, where the address names none.
ADDRESSES_OF_SIGNED_IN = ("/accounts/", "/admin/", "/my/")
LOCALE_PATHS = [BASE_DIR / "locale"]
# An institution may have a Chinese name only, so English falls back as well.
MODELTRANS_FALLBACK = {"default": ("en",), "en": ("zh-hans",), "zh-hans": ("en",)}
MODELTRANS_ADD_FIELD_HELP_TEXT = False
FORMAT_MODULE_PATH = ["sscnet.core.i18n.formats"]
TIME_ZONE = "Asia/Shanghai"

# ------------------------------------------------------------------ files

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
# The largest files are source maps, which developers' tools alone ask for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
# In development files are looked up as they are asked for, in production once at the start.
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_URL = "/files/"
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "sscnet.core.uploads.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # The web server reads them, as another user. FILE_UPLOAD_PERMISSIONS would rule them too.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Keys and the server's address have the names of boto3's own variables (docs/scale.md), which it
# looks for in the environment alone.
if S3_BUCKET := env.str("S3_BUCKET", ""):
    if not find_spec("storages"):
        raise ImproperlyConfigured("S3_BUCKET needs the packages of requirements-s3.lock.")
    STORAGES["default"] = {
        "BACKEND": "sscnet.core.uploads.s3.S3FileStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "file_overwrite": False,
            "access_key": env.str("AWS_ACCESS_KEY_ID", None),
            "secret_key": env.str("AWS_SECRET_ACCESS_KEY", None),
            "region_name": env.str("AWS_DEFAULT_REGION", None),
            "endpoint_url": env.str("AWS_ENDPOINT_URL_S3", None),
            "verify": env.str("AWS_CA_BUNDLE", None),
        },
    }
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "sscnet.core.uploads.storage.TemporaryUpload",
]
FILE_UPLOAD_PERMISSIONS = 0o640
# Without files; with them sscnet/web/bad_input.py says how large a form may be.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ------------------------------------------------------------------ security

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    # The admin's change list has one inline style; only there a nonce is asked for.
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
CSRF_FAILURE_VIEW = "sscnet.web.errors.csrf_failure"
# By the beginning of the address: what answers while the database is away, where no page does.
ERROR_RESPONSES = {"/api/": "secretariat.api.middleware.unavailable"}

IS_HTTPS = env.bool("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = IS_HTTPS
# Over HTTP the API refuses: a program that is led on would never learn that it asked in clear.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/(?!v1/docs)"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# A browser takes a cookie of such a name from this host over HTTPS only, none from a neighbour.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "sscnet.core.forms.message_storage.MessageStorage"
# Which accounts a device has signed in to, signed.
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and env.bool("HSTS_SUBDOMAINS", True)
# W021 asks for HSTS preload, a promise for a whole domain that is not ours alone to give.
# W005 asks for the subdomains, which a setting may leave out.
SILENCED_SYSTEM_CHECKS = ["security.W021", "security.W005"]
# Who finds a hole tells it here: an address of mail or of a page, in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
IS_BEHIND_PROXY = env.bool("BEHIND_PROXY", None)
if IS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# So many addresses at the end of X-Forwarded-For are from our own proxies; the rest may be forged.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if IS_BEHIND_PROXY else 0)
# Or a header of its own, which the proxy always sets.
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = env.str("CLIENT_IP_HEADER", "") or None

# ------------------------------------------------------------------ records

# Ask that another person publishes than the one who last changed the record.
PUBLISHING_NEEDS_SECOND_PERSON = env.bool("PUBLISHING_NEEDS_SECOND_PERSON", False)

# A question of the public is answered within so many working days.
ENQUIRY_DAYS = env.int("ENQUIRY_DAYS", 10)
# People of so many countries, that of the place included, make a meeting international: nobody is
# invited before it is approved. `migrate` tells the database of a change.
APPROVAL_COUNTRIES = env.int("APPROVAL_COUNTRIES", 3)

# ------------------------------------------------------------------ how long (docs/erasing.md)

# Days. `manage.py run_due` erases what is older.
MEETING_RETENTION_DAYS = env.int("MEETING_RETENTION_DAYS", 90)
# Passports, and the letters that show their numbers, go so long after the meeting, first of all.
PASSPORT_DAYS = env.int("PASSPORT_DAYS", 7)
# Officers are told so long before a meeting's people are erased.
ERASURE_NOTICE_DAYS = env.int("ERASURE_NOTICE_DAYS", 7)
MAIL_TEXT_DAYS = env.int("MAIL_TEXT_DAYS", 90)
MAIL_DAYS = env.int("MAIL_DAYS", 730)
INVITATION_RETENTION_DAYS = env.int("INVITATION_RETENTION_DAYS", 365)
# An account of which nobody made use; its owner is told so long before it goes.
ACCOUNT_UNUSED_DAYS = env.int("ACCOUNT_UNUSED_DAYS", 3 * 365)
ACCOUNT_NOTICE_DAYS = env.int("ACCOUNT_NOTICE_DAYS", 30)
# People whom an institution may register again, after they were last registered.
ROSTER_DAYS = env.int("ROSTER_DAYS", 3 * 365)
# Contact persons and endorsers of a proposal, after its last step.
PROPOSAL_PEOPLE_DAYS = env.int("PROPOSAL_PEOPLE_DAYS", 5 * 365)
# Who asked a question: after it was answered or closed; after it was asked, where it never was.
ENQUIRY_RETENTION_DAYS = env.int("ENQUIRY_RETENTION_DAYS", 365)
ENQUIRY_UNSETTLED_DAYS = env.int("ENQUIRY_UNSETTLED_DAYS", 730)
# What institutions answered to a request, after it closed.
REQUEST_RETENTION_DAYS = env.int("REQUEST_RETENTION_DAYS", 3 * 365)
# How long the link of a person without an account opens.
PERSONAL_LINK_DAYS = env.int("PERSONAL_LINK_DAYS", 90)
# Wrong ones from one address; more are answered with 429. The same for codes of papers.
WRONG_LINKS_AN_HOUR = env.int("WRONG_LINKS_AN_HOUR", 30)
WRONG_CODES_AN_HOUR = env.int("WRONG_CODES_AN_HOUR", 30)
# How addresses begin that let in whoever knows them: what follows stands in no log, whole.
# `/person/30/` is a number of ours, `/ask/project/` a public page.
SECRET_ADDRESSES = [
    "accounts/invitation",
    "accounts/password/reset/key",
    r"ask(?!/(?:project|institution|call)/)",
    "check",
    r"my/[^/\s]+/questions",
    r"person(?!/\d+/)",
]
# What was erased, by kind and number: after a restore it is erased again.
ERASURE_LOG = env.path("ERASURE_LOG", BASE_DIR / (".local" if DEBUG else "") / "erasures.jsonl")

# Where Noto Serif CJK lies, for letters and name tags (docs/machine.md): Debian's fonts-noto-cjk.
CJK_FONTS = env.path("CJK_FONTS", "/usr/share/fonts/opentype/noto")
# Makes PDFs of letters and other papers; without it there is Word alone.
LIBREOFFICE = env.str("LIBREOFFICE", "soffice")

# Who reports to IATI. Until the first four are set, no IATI file is given (docs/open-data.md).
IATI_REGISTRATION_AGENCY = env.str("IATI_REGISTRATION_AGENCY", "")
IATI_REPORTING_ORG_REF = env.str("IATI_REPORTING_ORG_REF", "")
IATI_REPORTING_ORG_NAME = env.str("IATI_REPORTING_ORG_NAME", "")
IATI_REPORTING_ORG_TYPE = env.str("IATI_REPORTING_ORG_TYPE", "")
IATI_REPORTING_ORG_NAME_ZH = env.str("IATI_REPORTING_ORG_NAME_ZH", "")
IATI_IDENTIFIER_PREFIX = env.str("IATI_IDENTIFIER_PREFIX", "")
IATI_SECONDARY_REPORTER = env.bool("IATI_SECONDARY_REPORTER", None)

# From one address; more is answered with 429.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", 600)

# Under which licence the data may be used again. Until the Secretariat chooses one, none is named.
DATA_LICENCE_NAME = env.str("DATA_LICENCE_NAME", "")
DATA_LICENCE_ADDRESS = env.str("DATA_LICENCE_ADDRESS", "")

# In the footer: the address that the Network prints on its own page (ecdc.net.cn, about us).
PUBLIC_MAILBOX = env.str("PUBLIC_MAILBOX", "editor@ecdc.net.cn")
# Whether a host in mainland China serves the site: it is filed there, and requests are logged.
MAINLAND = env.bool("MAINLAND", any(host.endswith(".cn") for host in ALLOWED_HOSTS))
# The numbers of the filings, in the footer.
ICP_NUMBER = env.str("ICP_NUMBER", "")
POLICE_FILING_NUMBER = env.str("POLICE_FILING_NUMBER", "")
# Who is responsible for personal data, with the address, on the privacy page.
DATA_HANDLER = env.str("DATA_HANDLER", "")
DATA_HANDLER_ZH = env.str("DATA_HANDLER_ZH", "")
# For how many weeks backups are kept, see `deploy/backup.sh`; the privacy page says it.
BACKUP_WEEKS = env.int("BACKUP_WEEKS", 5)

# Triggers stand beside the models alone; `migrate` brings those of the database up to date
# (sscnet/core/roles.py).
PGTRIGGER_MIGRATIONS = False
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# ------------------------------------------------------------------ mail, log

# Under which address the links in mails lead to the portal.
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", "").rstrip("/") or (
    "http://127.0.0.1:8000" if DEBUG else f"https://{ALLOWED_HOSTS[0]}"
)
# A person's mailbox: replies to mails go there.
SECRETARIAT_MAILBOX = env.str("SECRETARIAT_MAILBOX", "secretariat@example.org" if DEBUG else "")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "") or SECRETARIAT_MAILBOX or "portal@localhost"

# How many the mail server takes in an hour; what is more waits. None: as many as there are.
MAIL_AN_HOUR = env.int("MAIL_AN_HOUR", 0)
MAIL_USER = env.str("MAIL_USER", "")
MAIL_HOST = env.str("MAIL_HOST", "" if DEBUG else "localhost")
if MAIL_HOST:
    mail_port = env.int("MAIL_PORT", 25)
    # On port 465 all is encrypted from the first byte; elsewhere MAIL_TLS asks for it (STARTTLS).
    mail_ssl = env.bool("MAIL_SSL", mail_port == 465)
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL_HOST,
                "port": mail_port,
                "username": MAIL_USER,
                "password": env.str("MAIL_PASSWORD", ""),
                "use_ssl": mail_ssl,
                "use_tls": env.bool("MAIL_TLS", False) and not mail_ssl,
                "timeout": 30,
            },
        }
    }
else:
    MAILERS = {"default": {"BACKEND": "sscnet.outbox.delivery.local_mail.EmailBackend"}}

# A task only asks the worker to look at the outbox now (see sscnet/outbox).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ------------------------------------------------------------------ monitoring (docs/machine.md)

# Who gets a mail when something is wrong, and of the drill of a restore.
OPERATOR_MAIL = env.str("OPERATOR_MAIL", "")
# The address of a robot of WeChat Work or DingTalk that is told as well.
OPERATOR_ROBOT = env.str("OPERATOR_ROBOT", "")
# Asked after each look; whoever answers there notices when that ends.
HEARTBEAT_URL = env.str("HEARTBEAT_URL", "")
# Where backup and drill leave their protocols, and the watch what it has told.
OPERATIONS_FOLDER = env.path(
    "OPERATIONS_FOLDER", BASE_DIR / ".local" if DEBUG else Path("/var/lib/sscnet")
)

# What visitors ask for is counted by day and kind (secretariat/figures/seen.py).
COUNTS_SEEN = not DEBUG

SECURITY_LOG = env.str("SECURITY_LOG", "")
# Instead of the console: each request with the whole address, which the portal itself cannot read.
REQUEST_LOG = MAINLAND and env.str("REQUEST_LOG", "/var/log/sscnet-requests/requests.log")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "sscnet.monitoring.json_lines.JsonLines"},
        # Is JSON already (sscnet/core/personal_data/security_log.py).
        "message": {"format": "{message}", "style": "{"},
    },
    "filters": {
        "tidy": {"()": "sscnet.monitoring.json_lines.TidyRequestErrors"},
        "seldom": {"()": "sscnet.monitoring.json_lines.Seldom"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line" if DEBUG else "json",
            # Of the handler: refused forms come from another logger than errors.
            "filters": ["tidy"],
        },
        "security": {
            "formatter": "message",
            # Opens the file anew when logrotate has moved it away.
            **(
                {"class": "logging.handlers.WatchedFileHandler", "filename": SECURITY_LOG}
                if SECURITY_LOG
                else {"class": "logging.StreamHandler"}
            ),
        },
    },
    "loggers": {
        # At each `migrate` it names two hundred triggers.
        "pgtrigger": {"level": "WARNING"},
        # A line of JSON each, whatever LOG_LEVEL is.
        "security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        # It repeats itself several times a second while the database is away.
        "psycopg.pool": {"filters": ["seldom"]},
        # What was refused stands in the lines of requests already.
        "django.request": {"level": "WARNING" if DEBUG else "ERROR"},
        # In development the server writes its own.
        **({"requests": {"level": "WARNING"}} if DEBUG else {}),
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
if REQUEST_LOG:
    LOGGING["handlers"]["requests"] = {
        "class": "sscnet.monitoring.json_lines.RequestLogFile",
        "filename": REQUEST_LOG,
        "delay": True,
        "formatter": "json",
    }
    LOGGING["loggers"]["requests"] = {"handlers": ["requests"], "level": "INFO", "propagate": False}
