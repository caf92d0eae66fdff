from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="ballot",
            name="arithmetic",
            field=models.JSONField(null=True, help_text="How the votes added up, once counted."),
        ),
        migrations.AddField(
            model_name="elector",
            name="left_at",
            field=models.DateTimeField(
                null=True, help_text="Out of office when the votes were counted."
            ),
        ),
    ]
