from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("intensives", "0001_first_models")]

    operations = [
        withhold(
            "intensives_agreement",
            "intensives_presentation",
        ),
    ]
