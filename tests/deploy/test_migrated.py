"""The kept cluster is of this state of the migrations, or is not taken."""

from types import SimpleNamespace

import pytest

from deploy import migrated


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A checkout with one migration and nothing kept."""
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    monkeypatch.setattr(migrated, "KEPT", tmp_path / "var" / "migrated")
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / "reviews" / "migrations").mkdir(parents=True)
    (tmp_path / "reviews" / "migrations" / "0001_first_models.py").write_text("one = 1")
    return tmp_path


@pytest.fixture
def database(tmp_path):
    return SimpleNamespace(data=tmp_path / "postgres")


def test_nothing_is_taken_where_nothing_is_kept(house, database):
    assert (migrated.take(database), database.data.exists()) == (False, False)


def test_what_is_kept_is_taken_as_a_copy(house, database):
    migrated.kept().mkdir(parents=True)
    (migrated.kept() / "PG_VERSION").write_text("18")

    taken = migrated.take(database)

    assert (taken, (database.data / "PG_VERSION").read_text()) == (True, "18")


def test_an_edited_migration_is_another_state(house, database):
    migrated.kept().mkdir(parents=True)
    (house / "reviews" / "migrations" / "0001_first_models.py").write_text("one = 2")

    assert migrated.take(database) is False


def test_where_ci_is_set_every_migration_runs(house, database, monkeypatch):
    migrated.kept().mkdir(parents=True)
    monkeypatch.setenv("CI", "true")

    assert migrated.take(database) is False
