import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


from credentialing.records.grants import withhold


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_keeping"),
    ]

    operations = [
        migrations.CreateModel(
            name="Society",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(max_length=20)),
                ("sender", models.CharField(blank=True, max_length=80)),
                ("has_register", models.BooleanField(default=True)),
                ("ballot_days", models.PositiveSmallIntegerField(default=7)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ballot_days__range", (1, 60))),
                        name="society_ballot_days",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="society",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ef6866cbe129942dfffc38ae6413580901aa6ee5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_02a3f",
                    table="records_society",
                    when="BEFORE",
                ),
            ),
        ),
        withhold("records_society"),
    ]
