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
        ("helpdesk", "0003_audit_configuration"),
        ("protocols", "0002_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="TreeDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.JSONField()),
                ("step", models.PositiveIntegerField(default=0)),
                ("steps", models.JSONField(default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization",), name="tree_draft_once")],
            },
        ),
        migrations.CreateModel(
            name="TreeNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                (
                    "axis",
                    models.CharField(
                        choices=[
                            ("product", "Producto"),
                            ("motive", "Motivo"),
                            ("cause", "Causa raíz"),
                            ("result", "Resultado"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(blank=True, max_length=14)),
                ("priority", models.CharField(blank=True, max_length=10)),
                ("area", models.CharField(blank=True, max_length=60)),
                ("regulator_code", models.CharField(blank=True, max_length=40)),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_other", models.BooleanField(default=False)),
                ("is_reserved", models.BooleanField(default=False)),
                ("is_retired", models.BooleanField(default=False)),
                (
                    "merged_into",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.treenode",
                    ),
                ),
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
                    "parent",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.treenode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="tree_node_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True), ("is_retired", True), _connector="OR"
                        ),
                        name="tree_node_merged_is_retired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent__isnull", True), ("axis", "motive"), _connector="OR"),
                        name="tree_node_parent_of_motives",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TreeVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("steps", models.JSONField(default=list)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "number"), name="tree_version_number")
                ],
            },
        ),
        SecureTables("TreeDraft", "TreeNode", "TreeVersion"),
        # What was published stays as it was, and a name that cases point to stays.
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON protocols_treeversion FROM "{APP}", "{WORKER}";'
            f'REVOKE DELETE ON protocols_treenode FROM "{APP}", "{WORKER}"',
            migrations.RunSQL.noop,
        ),
    ]
