from django.db import migrations, models


def count_cards(apps, schema_editor):
    """Of follow-ups that were submitted before their cards were counted."""
    follow_ups = apps.get_model("results", "FollowUp").objects
    for pk, content in follow_ups.exclude(submitted_at=None).values_list("pk", "content").iterator(100):
        follow_ups.filter(pk=pk).update(card_count=len(content["cards"]))


def read_sheets_again(apps, schema_editor):
    """Failed indicators and general recommendations are cards from now on, also of results published before."""
    apps.get_model("results", "Plan").objects.update(follows=[])


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0014_dashboard_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='indicator',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='followup',
            name='card_count',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='followup',
            name='overdue_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(count_cards, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(read_sheets_again, migrations.RunPython.noop, elidable=True),
    ]
