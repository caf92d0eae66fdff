from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("people", "0001_first_models")]

    operations = [
        withhold(
            "people_credentialstatus",
        ),
    ]
