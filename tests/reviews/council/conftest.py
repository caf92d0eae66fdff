import pytest

from reviews.dossiers import certificates, paper, signing

PAPER = b"%PDF-1.7 a paper"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Issued papers of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plain_paper(monkeypatch):
    """Papers are not set where a test is about something else: that takes a second each."""
    monkeypatch.setattr(paper, "dossier", lambda contents: PAPER)
    monkeypatch.setattr(certificates, "certificate", lambda credential: PAPER)
    monkeypatch.setattr(signing, "signed", lambda content, reason: content)
