"""The file through which `manage.py` finds the servers of `./run`."""

import pytest

from deploy import environment
from deploy.lock import only_one
from deploy.refusal import Refusal

SERVERS = {
    "address": "http://localhost:8001",
    "broker_url": "unix:///sockets/valkey.sock",
    "database_url": "postgresql://application@/credentialing?host=/sockets",
    "database_owner_url": "postgresql://owner@/credentialing?host=/sockets",
    "database_application_role": "application",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in ("SECRET_KEY", "DEVELOPMENT", "SITE_URL", "EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)


def test_nobody_else_may_read_it(tmp_path):
    environment.write(tmp_path, **SERVERS)

    assert (tmp_path / "environment").stat().st_mode & 0o777 == 0o600


def test_the_secret_is_made_once_and_kept_when_the_servers_are_gone(tmp_path):
    first = environment.write(tmp_path, **SERVERS)
    environment.servers_are_gone(tmp_path)
    left = (tmp_path / "environment").read_text()
    second = environment.write(tmp_path, **SERVERS)

    assert left == f"SECRET_KEY={first['SECRET_KEY']}\n"
    assert second["SECRET_KEY"] == first["SECRET_KEY"]


def test_what_is_set_already_wins_over_what_is_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://credentialing.example.org")

    written = environment.write(tmp_path, **SERVERS)

    assert written["SITE_URL"] == "https://credentialing.example.org"


def test_a_second_run_is_told_of_the_first(tmp_path):
    path = tmp_path / "running"

    with (
        only_one(path, "http://localhost:8001 (process 7)"),
        pytest.raises(Refusal) as refused,
        only_one(path, "a second"),
    ):
        pass

    assert str(refused.value) == "Already running: http://localhost:8001 (process 7)"


def test_after_the_first_run_a_second_may_start(tmp_path):
    path = tmp_path / "running"
    with only_one(path, "the first"):
        pass

    with only_one(path, "the second"):
        written = path.read_text()

    assert written == "the second"
