import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0003_audit_configuration"),
        ("protocols", "0003_typification"),
        ("tickets", "0010_api"),
    ]

    operations = [
        migrations.CreateModel(
            name="Classification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("is_current", models.BooleanField(default=True)),
                (
                    "stems",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "by",
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
                    "cause",
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
                    "motive",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "product",
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
                    "result",
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
                    "ticket",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "version",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.treeversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "ticket", "-id"], name="classification_history"),
                    models.Index(
                        condition=models.Q(("is_current", True)),
                        fields=["organization", "-at"],
                        include=("motive",),
                        name="classification_recent",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("organization", "ticket"),
                        name="classification_current",
                    )
                ],
            },
        ),
        SecureTables("Classification"),
    ]
