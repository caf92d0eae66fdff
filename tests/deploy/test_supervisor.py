"""What `./run` says when a step of its own cannot be done."""

from argparse import Namespace

import pytest

from deploy import options, supervisor
from deploy.refusal import Refusal

SITE = "http://localhost:8001"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "VAR", tmp_path)
    return supervisor.Run(Namespace(host="127.0.0.1", port=8001, empty=False, check=False), SITE)


def failing(*arguments, **_):
    raise Refusal("manage.py demo failed.")


def test_a_demonstration_without_the_libraries_for_pdfs_says_what_to_install(run, monkeypatch):
    monkeypatch.setattr(run, "manage", failing)
    monkeypatch.setattr(supervisor, "missing_for_pdfs", lambda: ["libpango-1.0-0"])

    with pytest.raises(Refusal) as refused:
        run.seed()

    assert str(refused.value) == (
        "The demonstration makes PDFs, which need libpango-1.0-0; on Debian: apt-get install"
        " libpango-1.0-0. To begin without it: ./run --empty"
    )


def test_a_demonstration_that_fails_otherwise_says_so_itself(run, monkeypatch):
    monkeypatch.setattr(run, "manage", failing)
    monkeypatch.setattr(supervisor, "missing_for_pdfs", list)

    with pytest.raises(Refusal, match=r"manage.py demo failed\."):
        run.seed()


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_cannot_be_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        options.run_parser().parse_args(["--port", port])

    assert f"invalid port value: '{port}'" in capsys.readouterr().err
