import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from credentialing.records.grants import withhold


class Migration(migrations.Migration):

    dependencies = [
        ('applicants', '0005_versions_and_previews_of_documents'),
        ('people', '0008_erasure'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecusalLifted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals_lifted', to='applicants.application')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('ends', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended_by', to='applicants.recusallifted')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='recusal_lifted_for_a_reason'), models.CheckConstraint(condition=models.Q(('ends__isnull', False), models.Q(('person', models.F('by')), _negated=True), _connector='OR'), name='recusal_lifted_by_somebody_else')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recusallifted',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7dd2c3f4dff856e0a187741eaad2c07beeae705b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e66dd', table='applicants_recusallifted', when='BEFORE')),
        ),
        withhold("applicants_recusallifted"),
    ]
