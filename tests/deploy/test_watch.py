"""What ended is started again, until it has ended too often."""

import sys

import pytest

from deploy import watch
from deploy.children import Child
from deploy.refusal import Refusal
from deploy.watch import Watch


@pytest.fixture
def child(tmp_path):
    child = Child(
        name="The worker",
        command=[
            sys.executable,
            "-c",
            "import time; print('at work', flush=True); time.sleep(600)",
        ],
        log=tmp_path / "log" / "worker.log",
    )
    child.start()
    yield child
    child.stop()


def test_a_child_that_ended_is_started_again_and_said_so(child, capsys):
    first = child.process
    first.kill()
    first.wait()

    revived = Watch([child]).revive(child)

    assert (revived, child.running, child.process is first) == (True, True, False)
    assert capsys.readouterr().out == "The worker ended (-9) and is started again.\n"


def test_a_child_that_ended_too_often_has_ended_for_good(child, capsys, monkeypatch):
    monkeypatch.setattr(watch.time, "sleep", lambda seconds: None)
    watching = Watch([child])

    answers = []
    for _ in range(watch.TRIES):
        child.process.kill()
        child.process.wait()
        answers.append(watching.revive(child))

    assert answers == [True] * (watch.TRIES - 1) + [False]
    assert "The worker ended for good (-9)." in capsys.readouterr().out


def test_a_child_that_fails_at_its_start_shows_the_end_of_its_log(tmp_path):
    child = Child(
        name="The web",
        command=[sys.executable, "-c", "raise SystemExit('no settings')"],
        log=tmp_path / "web.log",
    )
    child.start()

    with pytest.raises(Refusal) as refused:
        child.wait_until(lambda: False, seconds=10)

    assert str(refused.value) == (
        f"The web ended while starting.\n  | no settings\n  ({tmp_path / 'web.log'})"
    )


def test_a_child_that_does_not_listen_is_ended(tmp_path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on'); time.sleep(600)"
    child = Child(
        name="deaf", command=[sys.executable, "-uc", deaf], log=tmp_path / "log", patience=0.1
    )
    child.start()
    child.wait_until(lambda: child.log.read_text() == "on\n", seconds=10)

    child.stop()

    assert not child.running
