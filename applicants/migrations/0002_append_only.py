from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("applicants", "0001_first_models")]

    operations = [
        withhold(
            "applicants_attestationanswer",
            "applicants_revocation",
            "applicants_ruling",
            "applicants_stagemove",
            "applicants_version",
        ),
    ]
