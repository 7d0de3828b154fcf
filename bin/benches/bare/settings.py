"""Only what two views and the door need."""

import os

from helpdesk import env

INSTANCE = "bare"
REDIS_URL = env.text("REDIS_URL")
SECRET_KEY = env.text("SECRET_KEY")
X_CONSUMER_SECRET = env.text("X_CONSUMER_SECRET", "sandbox-x-consumer-secret")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benches.bare.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
WEBHOOK_MAX_BYTES = 1024 * 1024
USE_TZ = True
LOGGING_CONFIG = None
DATABASES = {"default": env.database(os.environ["BENCH_DATABASE"], role="owner", instance="", secret_key="")}
