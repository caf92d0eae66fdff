import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from credentialing.records.grants import withhold


class Migration(migrations.Migration):

    dependencies = [
        ('records', "0009_standstill"),
    ]

    operations = [
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(help_text='SHA-256 of the picture.', max_length=64, unique=True)),
                ('content', models.BinaryField(help_text='A PNG without metadata.')),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logo',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1264bf54a9f3a4c7e5ff8de473c085d57c24491f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3f919', table='records_logo', when='BEFORE')),
        ),
        withhold("records_logo"),
        migrations.AddField(
            model_name='society',
            name='logo',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.logo'),
        ),
    ]
