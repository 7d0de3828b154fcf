import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0002_security"),
        ("protocols", "0003_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(blank=True, max_length=60)),
                ("name", models.CharField(max_length=80)),
                (
                    "motives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Borrador"), ("published", "Publicado"), ("retired", "Retirado")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("draft", models.JSONField(null=True)),
                ("step", models.PositiveIntegerField(default=0)),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("review_on", models.DateField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "owner",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "saved_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Protocol",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seed", models.CharField(blank=True, max_length=60)),
                ("name", models.CharField(max_length=80)),
                (
                    "motives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Borrador"), ("published", "Publicado"), ("retired", "Retirado")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("draft", models.JSONField(null=True)),
                ("step", models.PositiveIntegerField(default=0)),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("review_on", models.DateField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "owner",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "saved_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProtocolVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "page",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.protocol",
                    ),
                ),
                (
                    "published_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="protocol",
            name="version",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="protocols.protocolversion",
            ),
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                (
                    "authors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "page",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.answertemplate",
                    ),
                ),
                (
                    "published_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="answertemplate",
            name="version",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="protocols.templateversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocolversion",
            constraint=models.UniqueConstraint(
                fields=("organization", "page", "number"), name="protocol_version_number"
            ),
        ),
        migrations.AddIndex(
            model_name="protocol",
            index=models.Index(fields=["organization", "state"], name="protocol_state"),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seed", ""), _negated=True),
                fields=("organization", "seed"),
                name="protocol_seed",
            ),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("version__isnull", False),
                    _connector="OR",
                ),
                name="protocol_published_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                fields=("organization", "page", "number"), name="template_version_number"
            ),
        ),
        migrations.AddIndex(
            model_name="answertemplate",
            index=models.Index(fields=["organization", "state"], name="template_state"),
        ),
        migrations.AddConstraint(
            model_name="answertemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seed", ""), _negated=True),
                fields=("organization", "seed"),
                name="template_seed",
            ),
        ),
        migrations.AddConstraint(
            model_name="answertemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("version__isnull", False),
                    _connector="OR",
                ),
                name="template_published_version",
            ),
        ),
        SecureTables("AnswerTemplate", "Protocol", "ProtocolVersion", "TemplateVersion"),
        # What was published stays as it was: cases and messages remember it.
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON protocols_protocolversion, protocols_templateversion FROM "{APP}", "{WORKER}"',
            migrations.RunSQL.noop,
        ),
    ]
