from django.db import migrations

from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_first_models")]

    operations = [
        withhold(
            "reviews_castvote",
            "reviews_certificate",
            "reviews_consent",
            "reviews_decision",
            "reviews_dossier",
            "reviews_recommendation",
            "reviews_remark",
            "reviews_takenback",
            "reviews_timelineversion",
        ),
    ]
