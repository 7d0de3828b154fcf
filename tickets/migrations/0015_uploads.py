from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables, narrow
from helpdesk.tenancy.together import together


def _key(to: str) -> helpdesk.tenancy.models.TenantForeignKey:
    return helpdesk.tenancy.models.TenantForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [("channels_social", "0005_again"), ("tickets", "0014_answered_until")]

    operations = [
        migrations.AddField(
            "Attachment", "alt", models.CharField(blank=True, db_default="", max_length=1000)
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alt", models.CharField(blank=True, db_default="", max_length=1000)),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                ("ticket", _key("tickets.ticket")),
                ("by", _key("helpdesk.membership")),
                ("media", _key("channels_social.media")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "ticket", "by"], name="upload_of_case"),
                    models.Index(fields=["organization", "at"], name="upload_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["organization", "media"], name="upload_once")
                ],
            },
        ),
        SecureTables("Upload"),
        migrations.RunSQL(narrow("tickets_upload", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop),
    ]
    operations = together(operations)
