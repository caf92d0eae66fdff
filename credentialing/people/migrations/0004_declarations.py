import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from credentialing.records.grants import withhold


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_different_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, help_text='Empty takes it back.', max_length=200)),
                ('at', models.DateTimeField()),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('by', models.F('person')), ('by', models.F('applicant')), _connector='OR'), name='declared_by_one_of_the_two'), models.CheckConstraint(condition=models.Q(('person', models.F('applicant')), _negated=True), name='declared_of_two_people')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6703401751ee917a185dfaeac0e2a90d52a0c13f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25d1e', table='people_declaration', when='BEFORE')),
        ),
        withhold("people_declaration"),
    ]
