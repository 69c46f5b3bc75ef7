import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def were_in_force(apps, schema_editor):
    """What one person gave before was in force from then on; nobody has confirmed it."""
    apps.get_model("assessments", "Extension").objects.update(state="confirmed", settled_at=F("proposed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_who_writes_what"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("extension", "given_by", "proposed_by"),
        migrations.RenameField("extension", "given_by_name", "proposed_by_name"),
        migrations.RenameField("extension", "given_at", "proposed_at"),
        migrations.AddField(
            model_name="extension",
            name="answer",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="extension",
            name="settled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="extension",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="settled_by_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="extension",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "รอผู้ดูแลระบบอีกคนยืนยัน"),
                    ("confirmed", "มีผลแล้ว"),
                    ("declined", "ไม่ยืนยัน"),
                    ("taken_back", "ผู้เสนอถอนคืน"),
                ],
                default="proposed",
                max_length=12,
            ),
        ),
        migrations.RunPython(were_in_force, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("assessment",),
                name="extension_one_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "proposed")),
                    models.Q(
                        ("settled_at__isnull", False), ("state__in", ["confirmed", "declined", "taken_back"])
                    ),
                    _connector="OR",
                ),
                name="extension_settled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="extension_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="extension_declined_with_a_reason",
            ),
        ),
        migrations.RemoveConstraint(
            model_name='print',
            name='print_of_submission_once',
        ),
        migrations.AddField(
            model_name='print',
            name='marks',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='print',
            name='marks_digest',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='print',
            name='reviewer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.UniqueConstraint(condition=models.Q(('reviewer__isnull', True), ('submission__isnull', False)), fields=('submission', 'form', 'category', 'thai_digits', 'marks_digest'), name='print_of_submission_once'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.UniqueConstraint(condition=models.Q(('reviewer__isnull', False)), fields=('submission', 'reviewer', 'form', 'category', 'thai_digits'), name='print_of_reviewer_once'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(('marks_digest', ''), ('submission__isnull', False)), _connector='OR'), name='print_of_reviewer_is_frozen'),
        ),
        migrations.AddConstraint(
            model_name='print',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('marks__isnull', True), ('marks_digest', '')), models.Q(('marks__isnull', False), ('submission__isnull', False), models.Q(('marks_digest', ''), _negated=True)), _connector='OR'), name='print_marks_of_submission'),
        ),
    ]
