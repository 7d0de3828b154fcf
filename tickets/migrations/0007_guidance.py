import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
BEGAN_WITH = """
ALTER TABLE tickets_message ADD CONSTRAINT tickets_message_template_id_fk
    FOREIGN KEY (organization_id, template_id) REFERENCES protocols_templateversion (organization_id, id)
    DEFERRABLE INITIALLY IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("channels_social", "0002_security"),
        ("helpdesk", "0002_security"),
        ("protocols", "0004_guides"),
        ("tickets", "0006_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseProtocol",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("motive", models.CharField(max_length=60)),
                ("followed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done", models.JSONField(default=dict)),
                ("left_at", models.DateTimeField(null=True)),
                ("left_code", models.CharField(blank=True, db_default="", max_length=8)),
                ("left_reason", models.CharField(blank=True, db_default="", max_length=240)),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("unit", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="voice",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        migrations.AddField(
            model_name="message",
            name="is_unedited",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="template",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="protocols.templateversion",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("template__isnull", False)),
                fields=["organization", "template", "is_unedited"],
                name="message_template",
            ),
        ),
        migrations.AddField(
            model_name="caseprotocol",
            name="followed_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="helpdesk.membership",
            ),
        ),
        migrations.AddField(
            model_name="caseprotocol",
            name="left_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="helpdesk.membership",
            ),
        ),
        migrations.AddField(
            model_name="caseprotocol",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="caseprotocol",
            name="ticket",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="caseprotocol",
            name="version",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="protocols.protocolversion",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="helpdesk.membership",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="ticket",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="version",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="protocols.protocolversion",
            ),
        ),
        migrations.AddField(
            model_name="privacynotice",
            name="conversation",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.conversation",
            ),
        ),
        migrations.AddField(
            model_name="privacynotice",
            name="message",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.message",
            ),
        ),
        migrations.AddField(
            model_name="privacynotice",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="caseprotocol",
            index=models.Index(fields=["organization", "ticket", "-id"], name="case_protocol_ticket"),
        ),
        migrations.AddIndex(
            model_name="caseprotocol",
            index=models.Index(fields=["organization", "version"], name="case_protocol_version"),
        ),
        migrations.AddConstraint(
            model_name="caseprotocol",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("organization", "ticket"),
                name="case_protocol_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseprotocol",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_at__isnull", True), models.Q(("left_code", ""), _negated=True), _connector="OR"
                ),
                name="case_protocol_left_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseprotocol",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_code", "reason"), _negated=True),
                    models.Q(("left_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="case_protocol_left_words",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["organization", "ticket"], name="grant_ticket"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="grant_above_zero"),
        ),
        migrations.AddConstraint(
            model_name="privacynotice",
            constraint=models.UniqueConstraint(
                fields=("organization", "conversation"), name="privacy_notice_once"
            ),
        ),
        SecureTables("CaseProtocol", "Grant", "PrivacyNotice"),
        migrations.RunSQL(
            ";".join(
                [
                    narrow("tickets_caseprotocol", "tickets_sees_ticket(ticket_id)"),
                    narrow("tickets_grant", "tickets_sees_ticket(ticket_id)"),
                    narrow("tickets_privacynotice", "tickets_sees_part(message_id)"),
                ]
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(BEGAN_WITH, migrations.RunSQL.noop),
        # What was granted was granted; it goes with its case, and nowhere else.
        migrations.RunSQL(
            f'REVOKE DELETE ON tickets_grant, tickets_privacynotice FROM "{APP}", "{WORKER}"',
            migrations.RunSQL.noop,
        ),
    ]
