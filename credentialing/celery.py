"""The worker. Its messages carry no data: each is a doorbell, and PostgreSQL is the queue."""

import os
from typing import Any

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credentialing.settings")


class InSocietyTime(Task):
    """A task whose days and hours are the Society's, as they stand when it begins."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from credentialing.records.society import its_time  # noqa: PLC0415 - apps are loaded later

        with its_time():
            return super().__call__(*args, **kwargs)


app = Celery("credentialing", task_cls=InSocietyTime)
app.set_default()  # in every thread that serves a request, not only in the one that imports this
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["credentialing"])
app.conf.beat_schedule = {
    "send letters": {"task": "credentialing.tasks.send_letters", "schedule": 20.0},
    "run jobs": {"task": "credentialing.tasks.run_jobs", "schedule": 20.0},
    "close ballots": {"task": "credentialing.tasks.close_ballots", "schedule": 15.0},
    "remind": {"task": "credentialing.tasks.remind", "schedule": 600.0},
    "check the audit trail": {"task": "credentialing.tasks.check_trail", "schedule": 300.0},
    "gather letters": {"task": "credentialing.tasks.gather_letters", "schedule": 300.0},
    "seal the audit trail": {"task": "credentialing.tasks.seal_audit", "schedule": 300.0},
}
