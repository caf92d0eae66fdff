"""Somebody of the office, at a browser."""

import pytest
from django.test import Client

from tests.factories import person


@pytest.fixture
def office(db: None) -> Client:
    client = Client()
    client.person = person("administrator", name="Otto Office")
    client.force_login(client.person.user)
    return client
