import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Issued papers of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
