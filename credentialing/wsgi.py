"""The door that gunicorn uses."""

import os

from django.core.wsgi import get_wsgi_application

from credentialing import celery  # so that letters ring at our broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credentialing.settings")
application = get_wsgi_application()

__all__ = ["application", "celery"]
