"""Servers that the environment names are tried before anything starts."""

import os
import socket

import pytest

from deploy.broker import check_broker
from deploy.reachable import Database
from deploy.refusal import Refusal
from deploy.supervisor import check_port


@pytest.fixture
def closed_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def test_an_unreachable_database_is_one_line_without_its_password(closed_port):
    url = f"postgresql://application:secret@127.0.0.1:{closed_port}/credentialing"

    with pytest.raises(Refusal) as refused:
        Database.named(url, "")

    assert str(refused.value) == (
        f'DATABASE_URL: connection to server at "127.0.0.1", port {closed_port} failed:'
        " Connection refused"
    )


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@localhost/test", "postgresql://:99x/a"])
def test_an_address_of_something_else_is_one_line(url):
    with pytest.raises(Refusal) as refused:
        Database.named(url, "")

    assert "\n" not in str(refused.value)


def test_an_unreachable_broker_is_one_line(closed_port):
    with pytest.raises(Refusal, match=r"REDIS_URL: .*Connection refused"):
        check_broker(f"redis://127.0.0.1:{closed_port}/0")


def test_one_role_for_both_is_said_aloud(capsys):
    url = os.environ["DATABASE_URL"]

    database = Database.named(url, "")

    assert database == Database(url, url, "")
    assert "no second role: credentialing_owner owns the tables" in capsys.readouterr().out


def test_two_roles_say_nothing(capsys):
    owner = os.environ["DATABASE_URL"]
    application = owner.replace("credentialing_owner", "credentialing_application")

    database = Database.named(application, owner)

    assert database.application == "credentialing_application"
    assert capsys.readouterr().out == ""


def test_a_table_that_is_missing_is_empty():
    assert Database.named(os.environ["DATABASE_URL"], "").is_empty("no_such_table")


def test_a_taken_port_is_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Refusal) as refused:
            check_port("127.0.0.1", port)

    assert str(refused.value) == f"Port {port} is taken; try ./run --port {port + 1}"
