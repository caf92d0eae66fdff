from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intensives', '0004_placements_explained'),
    ]

    operations = [
        migrations.AddField(
            model_name='intensive',
            name='cancelled_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='intensive',
            name='cancelled_because',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
    ]
