import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables, narrow
from helpdesk.tenancy.together import together


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0002_security"),
        ("tickets", "0005_triggers"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="no_contact",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="AfterContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Pendiente de preguntar"),
                            ("asked", "Preguntado"),
                            ("listed", "Lo pregunta una persona"),
                            ("yes", "Quedó solucionado"),
                            ("no", "No quedó solucionado"),
                            ("unclear", "Respuesta no entendida"),
                            ("expired", "Sin respuesta"),
                        ],
                        db_default="due",
                        default="due",
                        max_length=8,
                    ),
                ),
                ("answered_since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("code", models.CharField(blank=True, db_default="", default="", max_length=24)),
                (
                    "scale",
                    models.CharField(
                        choices=[
                            ("none", "Ninguna"),
                            ("csat", "Satisfacción, de 1 a 5 (CSAT)"),
                            ("nps", "Recomendación, de 0 a 10 (NPS)"),
                        ],
                        db_default="none",
                        default="none",
                        max_length=4,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("score", models.PositiveSmallIntegerField(null=True)),
                (
                    "answer",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
                    "conversation",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.conversation",
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
                    "question",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["due_at"], name="after_contact_due"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "listed"])),
                        fields=["expires_at"],
                        name="after_contact_expires",
                    ),
                    models.Index(
                        condition=models.Q(("conversation__isnull", False)),
                        fields=["organization", "conversation"],
                        name="after_contact_thread",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["listed", "unclear"])),
                        fields=["organization", "-due_at"],
                        name="after_contact_listed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "ticket"), name="after_contact_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), ("score__lte", 10), _connector="OR"),
                        name="after_contact_score",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterContactPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(db_default=True, default=True)),
                ("days", models.PositiveSmallIntegerField(db_default=3, default=3)),
                ("first_hour", models.TimeField(db_default=datetime.time(9, 0), default=datetime.time(9, 0))),
                (
                    "last_hour",
                    models.TimeField(db_default=datetime.time(18, 0), default=datetime.time(18, 0)),
                ),
                (
                    "score",
                    models.CharField(
                        choices=[
                            ("none", "Ninguna"),
                            ("csat", "Satisfacción, de 1 a 5 (CSAT)"),
                            ("nps", "Recomendación, de 0 a 10 (NPS)"),
                        ],
                        db_default="csat",
                        default="csat",
                        max_length=4,
                    ),
                ),
                ("planned_until", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="after_contact_policy_once"),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 30)), name="after_contact_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_hour__gt", models.F("first_hour"))),
                        name="after_contact_hours",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="definitiveanswer",
            index=models.Index(
                condition=models.Q(("notified_at__isnull", False)),
                fields=["organization", "notified_at"],
                name="definitive_answer_notified",
            ),
        ),
        SecureTables("AfterContact", "AfterContactPolicy", worker=("AfterContact",)),
        migrations.RunSQL(
            narrow("tickets_aftercontact", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop
        ),
    ]
    operations = together(operations)
