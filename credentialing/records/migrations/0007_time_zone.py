from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_trail_check"),
    ]

    operations = [
        # What was decided before was decided under the time zone of the installation.
        migrations.AddField(
            model_name="society",
            name="time_zone",
            field=models.CharField(
                default=settings.TIME_ZONE, help_text="As the IANA names it.", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="society",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone", ""), _negated=True), name="society_has_a_time_zone"
            ),
        ),
    ]
