import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables, narrow
from helpdesk.tenancy.together import together

# What the board counts by colleague and account besides the tabs: ``board:`` keys, which no tab reads and no console
# is sent. ``mine``, ``late`` and ``parked`` of a colleague by account, so that who sees some accounts adds up theirs.
COUNTS = """
CREATE OR REPLACE FUNCTION tickets_count_keys(state text, unanswered timestamptz, overdue boolean, assignee bigint,
    account bigint, reserved boolean, priority text)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN reserved OR state NOT IN ('new', 'open', 'waiting_customer', 'waiting_area') THEN '{}'::text[]
    ELSE (SELECT array_agg(key || place) FROM unnest(array_remove(ARRAY[
            'open',
            CASE WHEN unanswered IS NOT NULL THEN 'unanswered' END,
            CASE WHEN overdue THEN 'overdue' END,
            CASE WHEN assignee IS NULL AND priority = 'low' THEN 'pool' END,
            CASE WHEN assignee IS NULL AND priority = 'low' AND unanswered IS NOT NULL THEN 'pool-unanswered' END,
            CASE WHEN assignee IS NULL AND priority = 'low' AND overdue THEN 'pool-overdue' END
        ], NULL)) AS key, unnest(CASE WHEN account IS NULL THEN ARRAY[''] ELSE ARRAY['', '@' || account] END) AS place)
        || array_remove(ARRAY[
            CASE WHEN state IN ('waiting_customer', 'waiting_area')
                THEN 'board:waiting@' || coalesce(account, 0) END,
            CASE WHEN unanswered IS NOT NULL AND overdue THEN 'board:stale@' || coalesce(account, 0) END
        ], NULL)
        || CASE WHEN assignee IS NULL THEN '{}'::text[] ELSE array_remove(ARRAY[
            'mine:' || assignee,
            'board:mine:' || assignee || '@' || coalesce(account, 0),
            CASE WHEN overdue THEN 'board:late:' || assignee || '@' || coalesce(account, 0) END,
            CASE WHEN state IN ('waiting_customer', 'waiting_area')
                THEN 'board:parked:' || assignee || '@' || coalesce(account, 0) END
        ], NULL) END
    END
$$;
INSERT INTO tickets_countdelta (organization_id, key, delta)
SELECT t.organization_id, key, count(*) FROM tickets_ticket t,
    unnest(tickets_count_keys(t.state, t.unanswered_since, t.is_overdue, t.assignee_id, t.account_id, t.is_reserved,
        t.priority)) AS key
WHERE t.state IN ('new', 'open', 'waiting_customer', 'waiting_area') AND key LIKE 'board:%'
GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [
        ("channels_social", "0003_sent"),
        ("helpdesk", "0002_security"),
        ("tickets", "0008_insights"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("token", models.CharField(max_length=48)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BatchedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("waiting", "Por encolar"),
                            ("queued", "En la cola de salida"),
                            ("left_out", "No se envió"),
                            ("cancelled", "Detenida"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="CaseFlow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("opened", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Propuesta"),
                            ("open", "Abierta"),
                            ("closed", "Cerrada"),
                            ("dismissed", "Descartada"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("situation", models.TextField(blank=True)),
                ("measures", models.TextField(blank=True)),
                ("statement", models.TextField(blank=True)),
                ("estimated_at", models.DateTimeField(null=True)),
                ("next_notice_at", models.DateTimeField(null=True)),
                ("prevention", models.TextField(blank=True)),
                ("starts_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("seen", models.PositiveIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("declared_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="IncidentCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[("hand", "A mano"), ("likeness", "Por parecido")], max_length=8
                    ),
                ),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("linked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="IncidentNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("pending", "Espera aprobación"),
                            ("published", "Publicado"),
                            ("refused", "No aprobado"),
                            ("replaced", "Reemplazado"),
                            ("withdrawn", "Retirado"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("situation", models.TextField()),
                ("measures", models.TextField()),
                ("estimated_at", models.DateTimeField(null=True)),
                ("next_notice_at", models.DateTimeField(null=True)),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SpikeWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_ticket_id", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("critical", "Caso crítico fuera de horario"),
                    ("silent", "Canal callado"),
                    ("rule", "Escalamiento"),
                    ("approval", "Respuesta sin aprobar"),
                    ("incident", "Novedad del servicio"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(
                    ("cancelled_at__isnull", True), ("kind", "legal"), ("met_at__isnull", True)
                ),
                fields=["organization", "due_at"],
                name="clock_legal",
            ),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(
                    ("state", "open"),
                    models.Q(("made_good_at__isnull", True), ("state", "broken")),
                    _connector="OR",
                ),
                fields=["organization", "due_at"],
                name="commitment_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(("state", "kept")),
                fields=["organization", "settled_at"],
                name="commitment_kept",
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("cancelled_at__isnull", True)),
                fields=["organization", "area", "due_at"],
                name="consultation_open",
            ),
        ),
        migrations.AddField(
            model_name="answerbatch",
            name="made_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="helpdesk.membership",
            ),
        ),
        migrations.AddField(
            model_name="answerbatch",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="answerbatch",
            name="stopped_by",
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
            model_name="batchedanswer",
            name="batch",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.answerbatch",
            ),
        ),
        migrations.AddField(
            model_name="batchedanswer",
            name="message",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.message",
            ),
        ),
        migrations.AddField(
            model_name="batchedanswer",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="batchedanswer",
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
            model_name="caseflow",
            name="account",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="channels_social.socialaccount",
            ),
        ),
        migrations.AddField(
            model_name="caseflow",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="account",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="channels_social.socialaccount",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="closed_by",
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
            model_name="incident",
            name="declared_by",
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
            model_name="incident",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="proposed_by",
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
            model_name="answerbatch",
            name="incident",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.incident",
            ),
        ),
        migrations.AddField(
            model_name="incidentcase",
            name="incident",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.incident",
            ),
        ),
        migrations.AddField(
            model_name="incidentcase",
            name="linked_by",
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
            model_name="incidentcase",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="incidentcase",
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
            model_name="incidentnotice",
            name="decided_by",
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
            model_name="incidentnotice",
            name="incident",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.incident",
            ),
        ),
        migrations.AddField(
            model_name="incidentnotice",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddField(
            model_name="incidentnotice",
            name="written_by",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="helpdesk.membership",
            ),
        ),
        migrations.AddField(
            model_name="spikewatch",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="batchedanswer",
            index=models.Index(
                condition=models.Q(("stage", "waiting")), fields=["id"], name="batched_answer_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchedanswer",
            constraint=models.UniqueConstraint(
                fields=("organization", "batch", "ticket"), name="batched_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="caseflow",
            constraint=models.UniqueConstraint(
                fields=("organization", "starts_at", "account"), name="case_flow_half_hour"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("state__in", ["proposed", "open"])),
                fields=["organization", "-id"],
                name="incident_live",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("next_notice_at__isnull", False), ("state", "open")),
                fields=["next_notice_at"],
                name="incident_next_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.UniqueConstraint(fields=("organization", "number"), name="incident_number"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(models.Q(("prevention", ""), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="incident_closed_with_prevention",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "proposed"),
                    ("state", "dismissed"),
                    ("declared_at__isnull", False),
                    _connector="OR",
                ),
                name="incident_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), _negated=True),
                    ("estimated_at__isnull", False),
                    ("next_notice_at__isnull", False),
                    _connector="OR",
                ),
                name="incident_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="answerbatch",
            index=models.Index(fields=["organization", "incident", "-id"], name="answer_batch_incident"),
        ),
        migrations.AddConstraint(
            model_name="answerbatch",
            constraint=models.UniqueConstraint(fields=("organization", "token"), name="answer_batch_once"),
        ),
        migrations.AddIndex(
            model_name="incidentcase",
            index=models.Index(fields=["organization", "ticket"], name="incident_case_ticket"),
        ),
        migrations.AddConstraint(
            model_name="incidentcase",
            constraint=models.UniqueConstraint(
                fields=("organization", "incident", "ticket"), name="incident_case_once"
            ),
        ),
        migrations.AddIndex(
            model_name="incidentnotice",
            index=models.Index(
                condition=models.Q(("stage", "published")),
                fields=["organization", "-decided_at"],
                name="incident_notice_public",
            ),
        ),
        migrations.AddIndex(
            model_name="incidentnotice",
            index=models.Index(
                condition=models.Q(("stage", "pending")), fields=["written_at"], name="incident_notice_waits"
            ),
        ),
        migrations.AddIndex(
            model_name="incidentnotice",
            index=models.Index(fields=["organization", "incident", "-id"], name="incident_notice_history"),
        ),
        migrations.AddConstraint(
            model_name="incidentnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "published")),
                fields=("organization", "incident"),
                name="incident_notice_one_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "pending")),
                fields=("organization", "incident"),
                name="incident_notice_one_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("written_by")), _negated=True),
                    _connector="OR",
                ),
                name="incident_notice_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "published"), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False),
                        models.Q(("situation", ""), _negated=True),
                        models.Q(("measures", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="incident_notice_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="spikewatch",
            constraint=models.UniqueConstraint(fields=("organization",), name="spike_watch_one"),
        ),
        SecureTables(
            "Incident",
            "IncidentNotice",
            "IncidentCase",
            "AnswerBatch",
            "BatchedAnswer",
            "CaseFlow",
            "SpikeWatch",
            worker=("Incident", "IncidentNotice", "BatchedAnswer", "SpikeWatch"),
        ),
        migrations.RunSQL(
            narrow("tickets_incidentcase", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            narrow("tickets_batchedanswer", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
    ]
    operations = together(operations)
