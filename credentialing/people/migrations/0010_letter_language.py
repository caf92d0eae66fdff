from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_letters_daily"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="letter_language",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The language of letters to them; empty: the Society's.",
                max_length=10,
            ),
        ),
    ]
