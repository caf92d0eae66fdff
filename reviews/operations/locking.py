"""Locks that leave room beside them."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


def share(rows: QuerySet[Any]) -> None:
    """Hold rows against change until commit, beside others who do the same."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR SHARE", parameters)
