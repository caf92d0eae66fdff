"""Roles and database on a server that is not ours alone."""

import os

import psycopg
import pytest

from deploy.provision import provision
from deploy.reachable import connect
from deploy.refusal import Refusal

OWNER_URL = os.environ["DATABASE_URL"]
ADMIN_URL = OWNER_URL.replace("credentialing_owner@/credentialing", "postgres@/postgres")


def address(role: str, database: str = "elsewhere") -> str:
    return OWNER_URL.replace("credentialing_owner@/credentialing", f"{role}:p%40ss@/{database}")


@pytest.fixture
def admin_url():
    """An administrator who is no superuser, as managed servers have it."""
    with connect(ADMIN_URL) as superuser:
        superuser.execute("CREATE ROLE elsewhere_admin LOGIN CREATEROLE CREATEDB")
        yield ADMIN_URL.replace("postgres@", "elsewhere_admin@")
        superuser.execute("DROP DATABASE IF EXISTS elsewhere")
        for role in ("elsewhere_owner", "elsewhere_application", "elsewhere_admin"):
            superuser.execute(f"DROP ROLE IF EXISTS {role}")


def test_an_administrator_who_is_no_superuser_makes_both_roles_and_may_do_so_again(admin_url):
    owner_url, application_url = address("elsewhere_owner"), address("elsewhere_application")

    provision(admin_url, owner_url, application_url)
    provision(admin_url, owner_url, application_url)

    with connect(owner_url) as owner:
        owner.execute("CREATE TABLE letter (id bigserial PRIMARY KEY)")
    with connect(application_url) as application:
        application.execute("INSERT INTO letter DEFAULT VALUES")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("TRUNCATE letter")


def test_one_role_for_both_is_refused():
    with pytest.raises(Refusal, match="must name two roles"):
        provision(ADMIN_URL, address("elsewhere_owner"), address("elsewhere_owner"))
