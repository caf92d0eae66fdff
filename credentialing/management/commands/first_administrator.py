"""Enter the first administrator of an empty installation, and print the link of their account."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from credentialing.people.models import Role
from credentialing.people.operations import enter_person, give_role, invite
from credentialing.people.queries import holders
from credentialing.records.models import Letter
from credentialing.records.refusals import Refused


class Command(BaseCommand):
    """`manage.py first_administrator "Olive Office" office@example.org`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        try:
            validate_email(options["email"])
        except ValidationError as wrong:
            raise CommandError(f"Not an e-mail address: {options['email']}") from wrong
        with transaction.atomic():
            in_office = [
                person
                for person in holders(Role.Kind.ADMINISTRATOR, day=today)
                if hasattr(person, "user")
            ]
            if in_office:
                raise CommandError(
                    f"{in_office[0].name} is an administrator, and can give the role to others."
                )
            person = enter_person(name=options["name"], email=options["email"], by=None)
            try:
                if not person.roles.on(today).filter(kind=Role.Kind.ADMINISTRATOR).exists():
                    give_role(person, Role.Kind.ADMINISTRATOR, start=today, end=None, by=None)
                invite(person, by=None, at=now)
            except Refused as refused:
                raise CommandError(refused.message) from refused
            link = Letter.objects.filter(to=person, kind="invitation").latest("pk").link
        self.stdout.write(f"{person.name} sets up the account at {settings.SITE_URL}{link}\n")
        self.stdout.write("The link works once, for 30 days; the same letter is on its way.\n")
