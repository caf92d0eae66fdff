import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from credentialing.records.grants import withhold


class Migration(migrations.Migration):

    dependencies = [
        ('intensives', '0003_what_was_agreed_to'),
        ('people', '0004_declarations'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='attended_partly',
            field=models.CharField(blank=True, db_default='', help_text='What part; left to a ruling.', max_length=300),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='avoided_group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intensives.smallgroup'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='wished_group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intensives.smallgroup'),
        ),
        migrations.AddField(
            model_name='intensive',
            name='sessions',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Group sessions of each small group; a candidate leads one with each faculty.', null=True),
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(help_text='The relation as it was shown.')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='intensives.enrolment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GroupChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('after', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intensives.smallgroup')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intensives.smallgroup')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_changes', to='intensives.enrolment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProposedPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('asked_of', models.CharField(help_text='The digest of what was to be solved.', max_length=64)),
                ('content', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('intensive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intensives.intensive')),
            ],
        ),
        migrations.CreateModel(
            name='Addendum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addenda', to='intensives.writtenassessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='addendum_says_something')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='addendum',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a234d16c03fcc47b1d1ec4e452c7618a47fd020d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_049ca', table='intensives_addendum', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='disclosure',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ef20fd38c664e51c4c00373e81c104853263ceff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c5bd9', table='intensives_disclosure', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='groupchange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='group_changed_with_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be2e514e9951ff2a9d439d209df38b26861fd10e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a3b56', table='intensives_groupchange', when='BEFORE')),
        ),
        withhold("intensives_addendum", "intensives_disclosure", "intensives_groupchange"),
    ]
