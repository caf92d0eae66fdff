from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_ballot_arithmetic")]

    operations = [
        migrations.AddField(
            model_name="elector",
            name="vote_is_void",
            field=models.BooleanField(
                db_default=False, help_text="Had voted; the vote does not count."
            ),
        ),
        migrations.AddConstraint(
            model_name="castvote",
            constraint=models.UniqueConstraint(fields=["receipt"], name="receipt_once"),
        ),
    ]
