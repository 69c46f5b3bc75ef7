from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0015_follow_up_queue"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="kpi",
            field=models.JSONField(default=list),
        ),
    ]
