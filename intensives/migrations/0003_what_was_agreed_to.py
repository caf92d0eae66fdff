import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from credentialing.records.grants import withhold


class Migration(migrations.Migration):

    dependencies = [
        ('intensives', '0002_append_only'),
        ('people', '0002_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='content',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), help_text='What was answered, word for word: a later change shows as a difference.'),
        ),
        migrations.CreateModel(
            name='EvaluatorChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('after', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluator_changes', to='intensives.enrolment')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='evaluator_replaced_with_a_reason')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluatorchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e4203ed61cfb15cf974659075327489db4952776', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2410d', table='intensives_evaluatorchange', when='BEFORE')),
        ),
        withhold("intensives_evaluatorchange"),
    ]
