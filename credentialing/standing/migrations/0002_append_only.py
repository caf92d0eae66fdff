from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("standing", "0001_first_models")]

    operations = [
        withhold(
            "standing_snapshot",
        ),
    ]
