import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.together import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("helpdesk", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnknownDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        choices=[
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("email", "Correo"),
                            ("phone", "Teléfono"),
                            ("web", "Web"),
                            ("office", "Oficina"),
                        ],
                        max_length=10,
                    ),
                ),
                ("account_external_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=40)),
                ("payload", models.BinaryField()),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SocialAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        choices=[
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("email", "Correo"),
                            ("phone", "Teléfono"),
                            ("web", "Web"),
                            ("office", "Oficina"),
                        ],
                        max_length=10,
                    ),
                ),
                ("external_id", models.CharField(max_length=64)),
                ("handle", models.CharField(blank=True, max_length=80)),
                ("name", models.CharField(max_length=120)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("support", "Servicio"), ("brand", "Marca"), ("by_hand", "Registro a mano")],
                        default="support",
                        max_length=10,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("full", "Recibe y responde"), ("read_only", "Solo lectura")],
                        default="full",
                        max_length=10,
                        verbose_name="modo",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("live", "En vivo"),
                            ("needs_reauth", "Hay que volver a conectarla"),
                            ("blocked", "Bloqueada por la red"),
                            ("out_of_credit", "Sin crédito"),
                            ("disconnected", "Desconectada"),
                        ],
                        default="live",
                        max_length=16,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=200)),
                ("state_since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("credentials", models.BinaryField(null=True)),
                ("token_expires_at", models.DateTimeField(null=True)),
                ("capabilities", models.JSONField(default=dict)),
                ("last_event_at", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
                ("flooded_at", models.DateTimeField(null=True)),
                ("flooded_by", models.CharField(blank=True, db_default="", max_length=254)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    models.UniqueConstraint(fields=("network", "external_id"), name="account_external_id")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "include",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), size=None
                    ),
                ),
                (
                    "exclude",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=5)),
                ("is_active", models.BooleanField(default=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
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
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "name"), name="saved_search_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RateLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endpoint", models.CharField(max_length=80)),
                ("limit", models.IntegerField(null=True)),
                ("remaining", models.IntegerField(null=True)),
                ("reset_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "endpoint"), name="rate_limit_endpoint"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PollCursor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.CharField(max_length=20)),
                ("cursor", models.CharField(blank=True, max_length=64)),
                ("next_poll_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("last_polled_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("gap_since", models.DateTimeField(null=True)),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_poll_at"], name="poll_cursor_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "stream"), name="poll_cursor_stream"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reply", "Respuesta pública"),
                            ("direct_message", "Mensaje privado"),
                            ("private_reply", "Respuesta privada a un comentario"),
                            ("follow", "Seguir"),
                            ("hide", "Ocultar"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaiting_approval", "Espera aprobación"),
                            ("queued", "En cola"),
                            ("held", "Retenida"),
                            ("sending", "Saliendo"),
                            ("sent", "Enviada"),
                            ("retrying", "Se reintenta"),
                            ("failed", "No salió"),
                            ("unknown", "No sabemos si salió"),
                            ("cancelled", "Cancelada"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        choices=[
                            ("0_critical", "Crítica"),
                            ("1_individual", "Individual"),
                            ("2_commitment", "Compromiso"),
                            ("3_bulk", "En lote"),
                            ("4_after_contact", "Contacto posterior"),
                            ("5_courtesy", "Cortesía"),
                        ],
                        default="1_individual",
                        max_length=16,
                    ),
                ),
                ("not_before", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("thread_key", models.CharField(max_length=160)),
                ("target_id", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("options", models.JSONField(default=dict)),
                ("client_token", models.CharField(max_length=64)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempt_id", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("request_started_at", models.DateTimeField(null=True)),
                ("absences", models.PositiveSmallIntegerField(default=0)),
                ("requeued", models.PositiveSmallIntegerField(default=0)),
                ("external_id", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("failure_code", models.CharField(blank=True, max_length=40)),
                ("failure_detail", models.CharField(blank=True, max_length=300)),
                (
                    "approved_by",
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
                    "created_by",
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
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "retrying"])),
                        fields=["lane", "not_before"],
                        name="outbound_due",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "unknown"])),
                        fields=["lease_until"],
                        name="outbound_lease",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                ["awaiting_approval", "queued", "held", "sending", "retrying", "unknown"],
                            )
                        ),
                        fields=["organization", "thread_key", "id"],
                        name="outbound_thread",
                    ),
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["organization", "account", "external_id"],
                        name="outbound_external",
                    ),
                    models.Index(fields=["organization", "subject_id"], name="outbound_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "client_token"), name="outbound_client_token"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sending")),
                        fields=("organization", "account"),
                        name="outbound_one_in_flight",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "private_reply"),
                            models.Q(("state__in", ["failed", "cancelled"]), _negated=True),
                        ),
                        fields=("organization", "account", "target_id"),
                        name="outbound_one_private_reply",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "awaiting_approval",
                                    "queued",
                                    "held",
                                    "sending",
                                    "sent",
                                    "retrying",
                                    "failed",
                                    "unknown",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="outbound_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="outbound_sent_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_key", models.CharField(max_length=160)),
                ("source_url", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Por traer"),
                            ("stored", "Guardado"),
                            ("failed", "No se pudo traer"),
                            ("refused", "Rechazado"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(blank=True, max_length=12)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content_type", models.CharField(blank=True, max_length=80)),
                ("size", models.BigIntegerField(null=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "next_attempt_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["next_attempt_at"],
                        name="media_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "source_key"), name="media_source_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=32)),
                (
                    "source",
                    models.CharField(
                        choices=[("webhook", "Aviso"), ("poll", "Sondeo"), ("resolve", "Búsqueda")],
                        max_length=8,
                    ),
                ),
                ("payload", models.BinaryField()),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Por entrar"),
                            ("waiting", "Espera la raíz"),
                            ("done", "Adentro"),
                            ("ignored", "Ignorado"),
                            ("quarantined", "En cuarentena"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("needs", models.JSONField(null=True)),
                ("wait_until", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["organization", "id"],
                        name="inbound_pending",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["organization", "wait_until"],
                        name="inbound_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "quarantined")),
                        fields=["organization", "-id"],
                        name="inbound_quarantined",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "kind", "external_id", "digest"),
                        name="inbound_event_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        choices=[
                            ("x", "X"),
                            ("facebook", "Facebook"),
                            ("email", "Correo"),
                            ("phone", "Teléfono"),
                            ("web", "Web"),
                            ("office", "Oficina"),
                        ],
                        max_length=10,
                    ),
                ),
                ("external_id", models.CharField(max_length=64)),
                ("author_id", models.CharField(max_length=64)),
                ("author_name", models.CharField(blank=True, max_length=160)),
                ("author_handle", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("found_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("payload", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Por mirar"),
                            ("dismissed", "No requiere atención"),
                            ("opened", "Con caso"),
                            ("answered", "Respondida en X"),
                            ("message", "Entró como mensaje"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("message_id", models.BigIntegerField(null=True)),
                (
                    "decided_by",
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
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "search",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.savedsearch",
                    ),
                ),
                (
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "state", "-id"], name="finding_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "network", "external_id"), name="finding_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "dismissed", "opened", "answered", "message"])
                        ),
                        name="finding_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditSpend",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=30)),
                ("count", models.BigIntegerField(default=0)),
                ("micros", models.BigIntegerField(default=0)),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "account", "day", "kind"), name="credit_spend_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("monthly_micros", models.BigIntegerField()),
                ("told_month", models.DateField(null=True)),
                ("told_percent", models.PositiveSmallIntegerField(default=0)),
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
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "account"), name="account_budget_once"),
                    models.CheckConstraint(
                        condition=models.Q(("monthly_micros__gte", 0)), name="account_budget_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_owner", models.CharField(blank=True, max_length=60)),
                ("last_taken_at", models.DateTimeField(null=True)),
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
                "constraints": [models.UniqueConstraint(fields=("organization",), name="inbox_organization")],
            },
        ),
    ]
    operations = together(operations)
