from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("records", "0001_first_models")]

    operations = [
        withhold(
            "records_auditentry",
            "records_seal",
        ),
    ]
