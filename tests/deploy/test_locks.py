"""What is installed is pinned, hashed, and names no registry."""

import re
from pathlib import Path

import pytest

from deploy import advisories, bootstrap
from deploy.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hashes_and_no_registry_is_named(name):
    text = (ROOT / name).read_text()
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]

    unpinned = [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]

    assert (unpinned, re.findall(r"https?:|--index|--extra|file:", text)) == ([], [])


def test_what_runs_is_what_is_tested():
    deployed, tested = (
        dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^ ;]+)", (ROOT / name).read_text()))
        for name in LOCKS
    )

    assert deployed.items() <= tested.items()


def test_what_was_chosen_is_locked():
    chosen = re.findall(r"(?m)^([A-Za-z][\w.-]*)", (ROOT / "requirements.txt").read_text())
    locked = re.findall(r"(?m)^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text())

    assert {name.lower().replace("_", "-") for name in chosen} <= set(locked)


def test_nothing_is_installed_while_the_lock_is_the_remembered_one(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "uv", lambda: pytest.fail("asked for an installer"))
    (tmp_path / "requirements.lock").write_text("one==1 --hash=sha256:0\n")

    bootstrap.install("requirements.lock")


def test_an_audit_that_could_not_ask_is_a_failure():
    with pytest.raises(Refusal, match="COULD NOT AUDIT, which is a failure: no route"):
        advisories.verdict("", "Traceback\nno route\n", at_least=1)


def test_an_audit_that_asked_about_too_few_is_a_failure():
    with pytest.raises(Refusal, match="COULD NOT AUDIT: only 0 of 2"):
        advisories.verdict('{"dependencies": []}', "", at_least=2)


def test_a_known_vulnerability_is_named_with_its_remedy(capsys):
    answer = (
        '{"dependencies": [{"name": "one", "version": "1", "vulns":'
        ' [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}'
    )

    code = advisories.verdict(answer, "", at_least=1)

    assert code == 1
    assert capsys.readouterr().out == (
        "one 1: PYSEC-1 (2)\n1 packages asked about, 1 known vulnerabilities.\n"
    )
