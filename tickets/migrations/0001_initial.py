import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import helpdesk.tenancy.models
import helpdesk.tenancy.tokens
from helpdesk.tenancy.together import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels_social", "0001_initial"),
        ("helpdesk", "0001_initial"),
        ("protocols", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nombre")),
                ("address", models.CharField(max_length=254, verbose_name="correo")),
                ("target_percent", models.PositiveSmallIntegerField(default=50)),
                ("target_minutes", models.PositiveIntegerField(default=480)),
                ("remind_percent", models.PositiveSmallIntegerField(default=75)),
                ("is_active", models.BooleanField(default=True)),
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
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.text.Lower("name"),
                        name="area_name",
                    ),
                    models.UniqueConstraint(fields=("organization", "address"), name="area_address"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remind_percent__lte", 95),
                            ("target_percent__gte", 5),
                            ("target_percent__lte", 95),
                        ),
                        name="area_shares",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.area",
                    ),
                ),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "area", "member"), name="area_member_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("sac", "SAC"),
                            ("crm", "CRM"),
                            ("sfc", "Superfinanciera (SFC)"),
                            ("pir", "Equipaje (PIR)"),
                            ("cun", "Código único (CUN)"),
                            ("tutela", "Tutela"),
                            ("defensor", "Defensor del consumidor"),
                            ("other", "Otro"),
                        ],
                        default="sac",
                        max_length=10,
                    ),
                ),
                ("encoding", models.CharField(max_length=20)),
                ("delimiter", models.CharField(max_length=1)),
                ("columns", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Revisando"),
                            ("checked", "Revisado"),
                            ("running", "Importando"),
                            ("done", "Terminado"),
                            ("cancelled", "Cancelado"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("rows", models.IntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "running"])),
                        fields=["id"],
                        name="case_import_work",
                    ),
                    models.Index(fields=["organization", "-id"], name="case_import_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
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
                            ("first_response", "Primera"),
                            ("next_response", "Siguiente"),
                            ("update", "Avance"),
                            ("resolution", "Solución"),
                            ("commitment", "Compromiso"),
                            ("legal", "Término legal"),
                        ],
                        max_length=16,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "alarms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), db_default=[], default=list, size=None
                    ),
                ),
                ("warn_at", models.DateTimeField(null=True)),
                ("warned", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("why", models.JSONField(default=dict)),
                ("warned_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("met_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("breached_at__isnull", True),
                            ("cancelled_at__isnull", True),
                            ("met_at__isnull", True),
                            ("paused_at__isnull", True),
                        ),
                        fields=["due_at"],
                        name="clock_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("breached_at__isnull", True),
                            ("cancelled_at__isnull", True),
                            ("met_at__isnull", True),
                            ("paused_at__isnull", True),
                            ("warn_at__isnull", False),
                        ),
                        fields=["warn_at"],
                        name="clock_warn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockRecount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("critical", "Crítica"),
                            ("high", "Alta"),
                            ("medium", "Media"),
                            ("low", "Baja"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=0, default=0)),
                ("cause", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reached", models.BigIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("settles_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
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
                    "calendar",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.calendar",
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
                    "policy",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.slapolicy",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settles_at__isnull", False)),
                        fields=["id"],
                        name="recount_waiting",
                    ),
                    models.Index(fields=["organization", "calendar", "-id"], name="recount_last"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountDelta",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("delta", models.IntegerField()),
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
                "indexes": [
                    models.Index(fields=["organization", "key"], include=("delta",), name="count_delta_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("n", models.BigIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("organization", "year"), name="counter_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "check_state",
                    models.CharField(
                        choices=[
                            ("none", "sin validar"),
                            ("declared", "declarada"),
                            ("verified", "verificada"),
                        ],
                        db_default="none",
                        default="none",
                        max_length=10,
                    ),
                ),
                (
                    "check_means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("questions", "preguntas de seguridad"),
                            ("call_back", "llamada al teléfono registrado"),
                            ("code", "código enviado a un dato registrado"),
                            ("app", "sesión iniciada en la app o la web"),
                            ("in_person", "en persona, con documento"),
                            ("said", "lo dijo la persona"),
                        ],
                        db_default="",
                        max_length=12,
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                ("check_until", models.DateTimeField(null=True)),
                ("voice", models.CharField(blank=True, db_default="", default="", max_length=6)),
                (
                    "checked_by",
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
                    "merged_into",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.customer",
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
                    "tier",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.customertier",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DoorKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("key_id", models.CharField(max_length=24)),
                ("secret", models.BinaryField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_used_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key_id"), name="door_key_id")
                ],
            },
        ),
        migrations.CreateModel(
            name="DoorCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "key",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.doorkey",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "at"], name="door_call_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key", "nonce"), name="door_call_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("warned", "Un reloj avisa que se acaba"),
                            ("breached", "Un reloj vence"),
                            ("promise_warned", "Un compromiso avisa que se acerca"),
                            ("promise_broken", "Un compromiso se incumple"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "priorities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("critical", "Crítica"),
                                ("high", "Alta"),
                                ("medium", "Media"),
                                ("low", "Baja"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "notifies",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "A nadie"),
                            ("owner", "A quien tiene el caso"),
                            ("supervisors", "A quienes supervisan"),
                            ("on_call", "A la guardia"),
                            ("member", "A una persona"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "moves",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Se queda donde está"),
                            ("queue", "Vuelve a la cola de todos"),
                            ("on_call", "Pasa a la guardia"),
                            ("member", "Pasa a una persona"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("raises", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "made_by",
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
                    "move_member",
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
                    "notify_member",
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moves", ""), ("notifies", ""), ("raises", False), _negated=True),
                        name="escalation_rule_does_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("notifies", "member"), _negated=True),
                                ("notify_member__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("moves", "member"), _negated=True),
                                ("move_member__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        name="escalation_rule_names_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=16)),
                ("ticket_id", models.BigIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FilingPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "numbers",
                    models.CharField(
                        choices=[
                            ("ours", "Los números los da Circunflejo"),
                            ("theirs", "Los números los da el sistema de PQR de la empresa"),
                        ],
                        default="ours",
                        max_length=6,
                    ),
                ),
                ("tells", models.BooleanField(default=True)),
                ("tells_in_public", models.BooleanField(default=True)),
                ("private_sentence", models.CharField(blank=True, max_length=400)),
                ("public_sentence", models.CharField(blank=True, max_length=240)),
                ("joined_sentence", models.CharField(blank=True, max_length=240)),
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
                "constraints": [models.UniqueConstraint(fields=("organization",), name="filing_policy_one")],
            },
        ),
        migrations.CreateModel(
            name="FilingRule",
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
                            ("peticion", "Petición"),
                            ("queja", "Queja"),
                            ("reclamo", "Reclamo"),
                            ("sugerencia", "Sugerencia"),
                            ("felicitacion", "Felicitación"),
                            ("denuncia", "Denuncia"),
                            ("informacion", "Información"),
                            ("habeas_data", "Datos personales"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("always", "Siempre, al llegar"),
                            (
                                "by_rule",
                                "Si pide documentos o datos propios, o si no se responde el mismo día hábil",
                            ),
                            ("on_request", "Solo cuando un asesor la radica"),
                            ("never", "Nunca"),
                        ],
                        max_length=10,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "kind"), name="filing_rule_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("when__in", ["always", "by_rule", "on_request", "never"])),
                        name="filing_rule_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
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
                            ("document", "Documento"),
                        ],
                        max_length=10,
                    ),
                ),
                ("scope", models.CharField(max_length=12)),
                ("external_id", models.CharField(max_length=254)),
                ("handle", models.CharField(blank=True, max_length=80)),
                ("handle_key", models.CharField(blank=True, max_length=80)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("sealed", models.BinaryField(null=True)),
                ("digest", models.CharField(blank=True, db_default="", max_length=43)),
                ("masked", models.CharField(blank=True, db_default="", max_length=120)),
                ("is_by_hand", models.BooleanField(db_default=False, default=False)),
                ("avatar_url", models.TextField(blank=True)),
                (
                    "check_state",
                    models.CharField(
                        choices=[
                            ("none", "sin validar"),
                            ("declared", "declarada"),
                            ("verified", "verificada"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("accepts_dm", models.BooleanField(null=True)),
                ("is_followed", models.BooleanField(null=True)),
                ("is_anonymous", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "added_by",
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
                    "customer",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="identities",
                        to="tickets.customer",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "customer"], name="identity_customer"),
                    models.Index(
                        condition=models.Q(("handle_key", ""), _negated=True),
                        fields=["organization", "handle_key"],
                        name="identity_handle",
                    ),
                    models.Index(
                        condition=models.Q(("digest", ""), _negated=True),
                        fields=["organization", "digest"],
                        name="identity_digest",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "network", "scope", "external_id"),
                        name="identity_external_id",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("check_state", "verified"), ("network", "document")),
                        fields=("organization", "digest"),
                        name="identity_verified_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("x_public", "X, pública"),
                            ("x_dm", "X, mensaje directo"),
                            ("x_chat", "X, conversación cifrada"),
                            ("fb_comments", "Facebook, comentarios"),
                            ("messenger", "Messenger"),
                            ("email", "Correo"),
                            ("phone", "Llamada"),
                            ("office", "Oficina"),
                            ("email_noted", "Correo registrado"),
                            ("web", "Formulario web"),
                        ],
                        max_length=12,
                    ),
                ),
                ("thread_key", models.CharField(max_length=160)),
                ("root_external_id", models.CharField(blank=True, max_length=120)),
                ("last_customer_at", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("last_external_id", models.CharField(blank=True, max_length=120)),
                ("is_provisional", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "customer",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.customer",
                    ),
                ),
                (
                    "identity",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.identity",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "customer"], name="conversation_customer"),
                    models.Index(fields=["organization", "root_external_id"], name="conversation_root"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "network", "kind", "thread_key"), name="conversation_thread"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "identity",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.identity",
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
            ],
            options={
                "indexes": [models.Index(fields=["organization", "key"], name="identity_key")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "identity", "key"), name="identity_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("first_line", models.IntegerField()),
                ("rows", models.IntegerField()),
                ("sealed", models.BinaryField(null=True)),
                ("is_checked", models.BooleanField(default=False)),
                ("is_taken", models.BooleanField(default=False)),
                ("would", models.JSONField(default=dict)),
                ("did", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                (
                    "case_import",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.caseimport",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "case_import", "place"), name="import_piece_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "sent_by",
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
                    models.UniqueConstraint(fields=("organization", "member"), name="invitation_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_one_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "member", "account"), name="member_account_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.BinaryField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "member"), name="member_photo_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                ("external_id", models.CharField(max_length=120, null=True)),
                ("parent_external_id", models.CharField(blank=True, max_length=120)),
                (
                    "direction",
                    models.CharField(choices=[("in", "Del cliente"), ("out", "Nuestro")], max_length=3),
                ),
                ("is_public", models.BooleanField()),
                ("text", models.TextField(blank=True)),
                ("occurred_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "token_id",
                    models.BigIntegerField(db_default=helpdesk.tenancy.tokens.SpeakingToken(), null=True),
                ),
                ("is_native", models.BooleanField(default=False)),
                ("needs_attention", models.BooleanField(default=True)),
                ("is_courtesy", models.BooleanField(default=False)),
                ("is_encrypted", models.BooleanField(default=False)),
                ("is_notice", models.BooleanField(db_default=False, default=False)),
                ("verdict", models.JSONField(null=True)),
                ("edited_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
                ("hidden_at", models.DateTimeField(null=True)),
                (
                    "send_state",
                    models.CharField(
                        blank=True,
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
                        max_length=20,
                    ),
                ),
                ("is_unedited", models.BooleanField(db_default=False, default=False)),
                (
                    "action",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.outboundaction",
                    ),
                ),
                (
                    "author",
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
                    "template",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.templateversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "conversation", "-occurred_at"], name="message_thread"
                    ),
                    models.Index(
                        condition=models.Q(("template__isnull", False)),
                        fields=["organization", "template", "is_unedited"],
                        name="message_template",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "network", "external_id"), name="message_external_id"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mail_id", models.CharField(max_length=250)),
                ("subject", models.CharField(blank=True, max_length=300)),
                (
                    "mail_references",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=250), default=list, size=None
                    ),
                ),
                ("rest", models.TextField(blank=True)),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), default=list, size=None
                    ),
                ),
                ("reply_to", models.CharField(blank=True, max_length=254)),
                ("auto", models.CharField(blank=True, max_length=12)),
                ("is_forged", models.BooleanField(default=False)),
                ("notice", models.CharField(blank=True, max_length=20)),
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
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("mail_id", ""), _negated=True),
                        fields=["organization", "mail_id"],
                        name="letter_mail_id",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "message"), name="letter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Pendiente"),
                            ("kept", "Cumplido"),
                            ("broken", "Incumplido"),
                            ("renegotiated", "Renegociado"),
                            ("withdrawn", "No se envió"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("proof", models.CharField(blank=True, max_length=200)),
                ("made_good_at", models.DateTimeField(null=True)),
                ("warned", models.PositiveSmallIntegerField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("source", models.CharField(blank=True, max_length=120)),
                (
                    "made_by",
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
                    "replaces",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.commitment",
                    ),
                ),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="commitment_due",
                    ),
                    models.Index(
                        condition=models.Q(("message__isnull", False)),
                        fields=["organization", "message"],
                        name="commitment_message",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="commitment_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["kept", "renegotiated"]), _negated=True),
                            ("settled_at__lte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="commitment_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "broken"), _negated=True),
                            ("settled_at__gte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="commitment_broken_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "media",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.media",
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
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "media"], name="attachment_media")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "message", "media"), name="attachment_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageVersion",
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
                ("external_id", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
            ],
            options={
                "indexes": [models.Index(fields=["organization", "message"], name="message_version_message")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "network", "external_id", "at"), name="message_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoiseSample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
                    "reviewed_by",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)),
                        fields=["organization", "day"],
                        name="noise_sample_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "message"), name="noise_sample_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallShift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                ("place", models.PositiveSmallIntegerField(default=1)),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("weekday__lte", 6)), name="on_call_shift_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at", models.F("ends_at")), _negated=True),
                        name="on_call_shift_lasts",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "weekday", "starts_at", "member"), name="on_call_shift_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnCallSwap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=120)),
                (
                    "in_member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "made_by",
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
                    "out_member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="on_call_swap_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("out_member", models.F("in_member")), _negated=True),
                        name="on_call_swap_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_id", models.BigIntegerField()),
                ("text", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("feedback", models.TextField(blank=True)),
                ("feedback_at", models.DateTimeField(null=True)),
                (
                    "feedback_by",
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
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "member", "ticket_id"), name="practice_answer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("feedback_by__isnull", True),
                            models.Q(("feedback_by", models.F("member")), _negated=True),
                            _connector="OR",
                        ),
                        name="practice_two_people",
                    ),
                ],
            },
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
                (
                    "conversation",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.conversation",
                    ),
                ),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "conversation"), name="privacy_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("endpoint", models.CharField(max_length=600)),
                ("p256dh", models.CharField(max_length=120)),
                ("auth", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "endpoint"), name="push_subscription_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("radicado", "radicado"),
                            ("order", "número de pedido o reserva"),
                            ("email", "correo"),
                            ("phone", "teléfono"),
                            ("document", "documento"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=43)),
                ("masked", models.CharField(max_length=80)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "identity",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.identity",
                    ),
                ),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "digest"], name="quote_digest_of"),
                    models.Index(fields=["organization", "identity"], name="quote_identity"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "message", "digest"), name="quote_once"),
                    models.CheckConstraint(
                        condition=models.Q(("digest", ""), _negated=True), name="quote_digest"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RepeatableCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.BinaryField(null=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "token",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.apitoken",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "at"], name="repeatable_call_at")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "token", "key"), name="repeatable_call_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="shift_weekday"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_at", models.F("ends_at")), _negated=True),
                        name="shift_lasts",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "member", "weekday", "starts_at"), name="shift_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Asesor"),
                            ("trainee", "Aprendiz"),
                            ("supervisor", "Supervisor"),
                            ("admin", "Administrador"),
                            ("marketing", "Mercadeo"),
                            ("auditor", "Auditor"),
                            ("area", "Área"),
                        ],
                        max_length=12,
                    ),
                ),
                ("permissions", models.JSONField(default=list)),
                ("modes", models.JSONField(default=dict)),
                ("is_limited", models.BooleanField(default=False)),
                (
                    "accounts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("state", models.CharField(default="pending", max_length=8)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
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
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("organization", "member"),
                        name="team_change_one_pending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("state", "done"), _negated=True),
                            models.Q(
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(("decided_by", models.F("member")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="team_change_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("radicado", models.CharField(max_length=40, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Nuevo"),
                            ("open", "Abierto"),
                            ("waiting_customer", "Pendiente del cliente"),
                            ("waiting_area", "En otra área"),
                            ("resolved", "Resuelto"),
                            ("closed", "Cerrado"),
                            ("no_motive", "Sin motivo de atención"),
                            ("joined", "Unido a otro caso"),
                        ],
                        default="new",
                        max_length=18,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("peticion", "Petición"),
                            ("queja", "Queja"),
                            ("reclamo", "Reclamo"),
                            ("sugerencia", "Sugerencia"),
                            ("felicitacion", "Felicitación"),
                            ("denuncia", "Denuncia"),
                            ("informacion", "Información"),
                            ("habeas_data", "Datos personales"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "suggested_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("peticion", "Petición"),
                            ("queja", "Queja"),
                            ("reclamo", "Reclamo"),
                            ("sugerencia", "Sugerencia"),
                            ("felicitacion", "Felicitación"),
                            ("denuncia", "Denuncia"),
                            ("informacion", "Información"),
                            ("habeas_data", "Datos personales"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "kind_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("critical", "Crítica"),
                            ("high", "Alta"),
                            ("medium", "Media"),
                            ("low", "Baja"),
                        ],
                        default="medium",
                        max_length=10,
                    ),
                ),
                (
                    "priority_reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("is_reserved", models.BooleanField(db_default=False, default=False)),
                ("opened_at", models.DateTimeField()),
                ("first_sent_at", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("transfers", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("last_text", models.CharField(blank=True, max_length=200)),
                ("last_at", models.DateTimeField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("x_public", "X, pública"),
                            ("x_dm", "X, mensaje directo"),
                            ("x_chat", "X, conversación cifrada"),
                            ("fb_comments", "Facebook, comentarios"),
                            ("messenger", "Messenger"),
                            ("email", "Correo"),
                            ("phone", "Llamada"),
                            ("office", "Oficina"),
                            ("email_noted", "Correo registrado"),
                            ("web", "Formulario web"),
                        ],
                        max_length=12,
                    ),
                ),
                ("last_asked_at", models.DateTimeField(null=True)),
                ("unanswered_since", models.DateTimeField(null=True)),
                ("unanswered_count", models.PositiveSmallIntegerField(default=0)),
                ("next_deadline_at", models.DateTimeField(null=True)),
                ("next_clock_kind", models.CharField(blank=True, max_length=16)),
                ("is_overdue", models.BooleanField(default=False)),
                ("queue_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                (
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
                (
                    "assignee",
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
                    "customer",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.customer",
                    ),
                ),
                (
                    "joined_into",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "kind_corrected_by",
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
                    "previous",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"])
                        ),
                        fields=["organization", "queue_at", "id"],
                        name="ticket_queue",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("assignee__isnull", False),
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"]),
                        ),
                        fields=["organization", "assignee", "queue_at", "id"],
                        name="ticket_mine",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"]),
                            ("unanswered_since__isnull", False),
                        ),
                        fields=["organization", "unanswered_since", "id"],
                        name="ticket_unanswered",
                    ),
                    models.Index(fields=["organization", "customer", "-id"], name="ticket_customer"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"])
                        ),
                        fields=["organization", "account", "queue_at", "id"],
                        name="ticket_account",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"]),
                            ("unanswered_since__isnull", False),
                        ),
                        fields=["organization", "account", "unanswered_since", "id"],
                        name="ticket_account_unanswered",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("is_overdue", True),
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"]),
                        ),
                        fields=["organization", "queue_at", "id"],
                        name="ticket_overdue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "resolved")),
                        fields=["organization", "-resolved_at", "-id"],
                        name="ticket_resolved",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("first_sent_at__isnull", True),
                            ("radicado__isnull", True),
                            ("state__in", ["new", "open", "waiting_customer", "waiting_area"]),
                        ),
                        fields=["organization", "kind", "opened_at"],
                        name="ticket_unfiled",
                    ),
                    models.Index(
                        condition=models.Q(("joined_into__isnull", False)),
                        fields=["organization", "joined_into"],
                        name="ticket_joined",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "number"), name="ticket_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("radicado__isnull", False)),
                        fields=("organization", "radicado"),
                        name="ticket_radicado",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermExtension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("former_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "clock",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.clock",
                    ),
                ),
                (
                    "given_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "told_message",
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
                "indexes": [models.Index(fields=["organization", "ticket"], name="term_extension_ticket")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "clock"), name="term_extension_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("former_due_at"))),
                        name="term_extension_more",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "system",
                    models.CharField(
                        choices=[
                            ("sac", "SAC"),
                            ("crm", "CRM"),
                            ("sfc", "Superfinanciera (SFC)"),
                            ("pir", "Equipaje (PIR)"),
                            ("cun", "Código único (CUN)"),
                            ("tutela", "Tutela"),
                            ("defensor", "Defensor del consumidor"),
                            ("other", "Otro"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("number_key", models.CharField(max_length=60)),
                ("state", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField(null=True)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
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
                "indexes": [models.Index(fields=["organization", "ticket"], name="reference_ticket")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "number_key", "system"), name="reference_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number_key", ""), _negated=True), name="reference_has_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Petition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Espera"), ("done", "Aprobada"), ("refused", "No aprobada")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
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
                        condition=models.Q(("state", "pending")),
                        fields=["organization", "ticket"],
                        name="petition_pending",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="petition_two_people",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_id",
                    models.BigIntegerField(db_default=helpdesk.tenancy.tokens.SpeakingToken(), null=True),
                ),
                ("by", models.CharField(blank=True, db_default="", max_length=120)),
                ("text", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "author",
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
                "indexes": [models.Index(fields=["organization", "ticket", "at"], name="note_ticket")],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="ticket",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.CreateModel(
            name="KeptApart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                (
                    "other",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "ticket", "other"), name="kept_apart_once"
                    )
                ],
            },
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
                (
                    "by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "version",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.protocolversion",
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
                "indexes": [models.Index(fields=["organization", "ticket"], name="grant_ticket")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="grant_above_zero")
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("radicado", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("peticion", "Petición"),
                            ("queja", "Queja"),
                            ("reclamo", "Reclamo"),
                            ("sugerencia", "Sugerencia"),
                            ("felicitacion", "Felicitación"),
                            ("denuncia", "Denuncia"),
                            ("informacion", "Información"),
                            ("habeas_data", "Datos personales"),
                        ],
                        max_length=14,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("filed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("cause", models.CharField(db_default="receipt", default="receipt", max_length=10)),
                ("is_external", models.BooleanField(db_default=False, default=False)),
                (
                    "telling",
                    models.CharField(
                        choices=[
                            ("pending", "Por avisar"),
                            ("queued", "Avisándole"),
                            ("told", "Avisado"),
                            ("not_told", "Sin avisar"),
                            ("off", "No se avisa"),
                        ],
                        db_default="pending",
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("telling_code", models.CharField(blank=True, db_default="", max_length=40)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "filed_by",
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
                    "told_message",
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
                    models.Index(fields=["organization", "ticket"], name="filing_of_ticket"),
                    models.Index(
                        condition=models.Q(("telling", "pending")), fields=["id"], name="filing_to_tell"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "radicado"), name="filing_radicado")
                ],
            },
        ),
        migrations.CreateModel(
            name="DefinitiveAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("waiting", "Todavía no ha salido"),
                            ("sent", "Enviada por un canal privado"),
                            ("constancy", "Constancia de un supervisor"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("marked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("notified_at", models.DateTimeField(null=True)),
                ("constancy", models.CharField(blank=True, max_length=400)),
                (
                    "constancy_by",
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
                    "marked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "message",
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
                "indexes": [models.Index(fields=["organization", "ticket"], name="definitive_answer_ticket")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "message"), name="definitive_answer_of_message"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notified_at__isnull", True), ("proof", "waiting")),
                            models.Q(
                                models.Q(("proof", "waiting"), _negated=True), ("notified_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="definitive_answer_proof",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proof", "constancy"), _negated=True),
                            ("constancy_by__isnull", False),
                            _connector="OR",
                        ),
                        name="definitive_answer_constancy",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="current_ticket",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField()),
                ("shares_name", models.BooleanField(default=False)),
                (
                    "shared_messages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("link_key", models.CharField(max_length=43)),
                ("expires_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_at", models.DateTimeField()),
                ("remind_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("breached_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_via", models.CharField(blank=True, max_length=4)),
                ("cancelled_at", models.DateTimeField(null=True)),
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
                (
                    "action",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.outboundaction",
                    ),
                ),
                (
                    "area",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.area",
                    ),
                ),
                (
                    "asked_by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "commitment",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.commitment",
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
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="consultation_due",
                    ),
                    models.Index(fields=["organization", "ticket", "id"], name="consultation_ticket"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "code"), name="consultation_code"),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("cancelled_at__isnull", True)),
                        fields=("organization", "ticket", "area"),
                        name="consultation_one_open",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="commitment",
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
            model_name="clock",
            name="ticket",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
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
                    "version",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.treeversion",
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
                (
                    "followed_by",
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
                    "left_by",
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
                    "version",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.protocolversion",
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
                    models.Index(fields=["organization", "ticket", "-id"], name="case_protocol_ticket"),
                    models.Index(fields=["organization", "version"], name="case_protocol_version"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at__isnull", True)),
                        fields=("organization", "ticket"),
                        name="case_protocol_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            models.Q(("left_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_protocol_left_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_code", "reason"), _negated=True),
                            models.Q(("left_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_protocol_left_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("join", "Unión"), ("split", "Separación")], max_length=5),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("moved", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "undone_by",
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
                    "kept",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "other",
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
                "indexes": [models.Index(fields=["organization", "kept", "-id"], name="move_of_kept")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("other")), _negated=True), name="move_of_two"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "join"), ("undone_at__isnull", True)),
                        fields=("organization", "other"),
                        name="move_joined_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseAccess",
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
                            ("named", "Nombrada en el caso reservado"),
                            ("opened", "Lo abrió con motivo"),
                            ("area", "De un área consultada"),
                        ],
                        max_length=6,
                    ),
                ),
                ("given_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField(null=True)),
                (
                    "given_by",
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
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    models.Index(fields=["organization", "member", "ticket"], name="case_access_member")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "ticket", "member", "kind"), name="case_access_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttentionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_needed", models.BooleanField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "undone_by",
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
                    "message",
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
                        condition=models.Q(("is_needed", False), ("undone_at__isnull", True)),
                        fields=["organization", "-id"],
                        name="attention_put_aside",
                    ),
                    models.Index(fields=["organization", "ticket", "-id"], name="attention_of_ticket"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("critical", "Caso crítico fuera de horario"),
                            ("silent", "Canal callado"),
                            ("rule", "Escalamiento"),
                            ("approval", "Respuesta sin aprobar"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=16)),
                ("is_urgent", models.BooleanField(default=False)),
                ("raised_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "called",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("pass_at", models.DateTimeField(null=True)),
                ("acked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
                    ),
                ),
                (
                    "acked_by",
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
                    "ticket",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("acked_at__isnull", True), ("ended_at__isnull", True), ("pass_at__isnull", False)
                        ),
                        fields=["pass_at"],
                        name="alarm_pass",
                    ),
                    models.Index(
                        condition=models.Q(("acked_at__isnull", True), ("ended_at__isnull", True)),
                        fields=["organization", "-id"],
                        name="alarm_open",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("organization", "key"), name="alarm_once")],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
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
                ("external_id", models.CharField(max_length=120)),
                ("change", models.CharField(max_length=10)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
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
                    models.UniqueConstraint(
                        fields=("organization", "network", "external_id", "change"), name="tombstone_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TriageCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("aspect", models.CharField(max_length=8)),
                ("judged", models.CharField(max_length=24)),
                ("said", models.CharField(max_length=24)),
                (
                    "traits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("sums", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "message",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.message",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "message", "aspect"), name="triage_correction_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TriagePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("seen", models.PositiveIntegerField(default=0)),
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
                "constraints": [models.UniqueConstraint(fields=("organization",), name="triage_policy_once")],
            },
        ),
        migrations.CreateModel(
            name="TriageVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("offsets", models.JSONField(default=dict)),
                ("learnt_from", models.PositiveIntegerField()),
                ("held_back", models.PositiveIntegerField()),
                ("right_before", models.PositiveIntegerField()),
                ("right_after", models.PositiveIntegerField()),
                ("is_in_force", models.BooleanField(default=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                    models.UniqueConstraint(fields=("organization", "number"), name="triage_version_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_in_force", True)),
                        fields=("organization",),
                        name="triage_version_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unification",
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
                            ("pending", "Espera aprobación"),
                            ("done", "Unidos"),
                            ("refused", "No se aprobó"),
                            ("distinct", "Son distintas personas"),
                            ("undo_pending", "Espera aprobación para deshacerse"),
                            ("undone", "Deshecha"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                ("moved", models.JSONField(default=dict)),
                (
                    "asked_by",
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
                    "gone",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.customer",
                    ),
                ),
                (
                    "kept",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.customer",
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
                    "undo_asked_by",
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
                "indexes": [
                    models.Index(fields=["organization", "kept"], name="unification_kept"),
                    models.Index(fields=["organization", "gone"], name="unification_gone"),
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "undo_pending"])),
                        fields=["organization", "asked_at"],
                        name="unification_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "done", "undo_pending"])),
                        fields=("organization", "kept", "gone"),
                        name="unification_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=20)),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("close_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, db_default="", default="", max_length=10)),
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
                        condition=models.Q(("ended_at__isnull", True), ("next_at__isnull", False)),
                        fields=["next_at"],
                        name="wait_next",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organization", "ticket"),
                        name="wait_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ticket.created", "Se abrió un caso"),
                                ("ticket.updated", "Cambió un caso"),
                                ("ticket.resolved", "Se resolvió un caso"),
                                ("message.received", "Llegó un mensaje"),
                                ("message.sent", "Salió una respuesta"),
                                ("filing.created", "Se radicó un caso"),
                                ("alarm.raised", "Sonó una alarma"),
                                ("alarm.acknowledged", "Alguien atendió una alarma"),
                                ("ping", "Prueba"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("secret", models.BinaryField()),
                ("with_words", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("off_reason", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("off_detail", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("off_at", models.DateTimeField(null=True)),
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
                    "token",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.apitoken",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["organization"],
                        name="webhook_active",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("ticket.created", "Se abrió un caso"),
                            ("ticket.updated", "Cambió un caso"),
                            ("ticket.resolved", "Se resolvió un caso"),
                            ("message.received", "Llegó un mensaje"),
                            ("message.sent", "Salió una respuesta"),
                            ("filing.created", "Se radicó un caso"),
                            ("alarm.raised", "Sonó una alarma"),
                            ("alarm.acknowledged", "Alguien atendió una alarma"),
                            ("ping", "Prueba"),
                        ],
                        max_length=20,
                    ),
                ),
                ("ticket_id", models.BigIntegerField(null=True)),
                ("message_id", models.BigIntegerField(null=True)),
                ("filing_id", models.BigIntegerField(null=True)),
                ("alarm_id", models.BigIntegerField(null=True)),
                (
                    "changed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("happened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Por salir"),
                            ("delivered", "Entregado"),
                            ("failed", "No se entregó"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("tried_at", models.DateTimeField(null=True)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("took_ms", models.IntegerField(null=True)),
                ("failure", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("failure_detail", models.CharField(blank=True, db_default="", default="", max_length=200)),
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
                    "replay_of",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.webhookdelivery",
                    ),
                ),
                (
                    "subscription",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.webhooksubscription",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["next_at"],
                        name="webhook_delivery_due",
                    ),
                    models.Index(fields=["organization", "subscription", "-id"], name="webhook_delivery_log"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="webhook_delivery_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "voice",
                    models.CharField(
                        choices=[("usted", "usted"), ("tu", "tú"), ("vos", "vos")], max_length=6
                    ),
                ),
                ("hand_over_text", models.CharField(blank=True, max_length=240)),
                ("contact_phone", models.CharField(blank=True, db_default="", max_length=40)),
                ("contact_email", models.CharField(blank=True, db_default="", max_length=120)),
                ("published_text", models.CharField(blank=True, db_default="", max_length=400)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "notices",
                    models.CharField(
                        choices=[
                            ("off", "No avisar"),
                            ("private", "Solo en privado"),
                            ("all", "También en público"),
                        ],
                        db_default="off",
                        default="off",
                        max_length=8,
                    ),
                ),
                ("notices_stopped_at", models.DateTimeField(null=True)),
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
                (
                    "calendar",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="protocols.calendar",
                    ),
                ),
                (
                    "hands_to",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="channels_social.socialaccount",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "account"), name="account_policy_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outlet",
                    models.CharField(
                        choices=[("email", "Correo"), ("push", "Aviso en el navegador")], max_length=6
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Por salir"),
                            ("sending", "Saliendo"),
                            ("sent", "Enviado"),
                            ("failed", "No salió"),
                            ("needless", "Ya no hacía falta"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("in_digest", models.BooleanField(default=False)),
                ("failure", models.CharField(blank=True, max_length=80)),
                (
                    "alarm",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tickets.alarm",
                    ),
                ),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["not_before"],
                        name="alarm_notice_due",
                    ),
                    models.Index(fields=["organization", "member", "-sent_at"], name="alarm_notice_sent"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "alarm", "member", "outlet", "turn"), name="alarm_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_email", models.BooleanField(default=True)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_until", models.TimeField(null=True)),
                (
                    "member",
                    helpdesk.tenancy.models.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "member"), name="alarm_preference_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="alarm_preference_quiet",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("ticket__isnull", False)),
                fields=["organization", "ticket", "occurred_at", "id"],
                name="message_story",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("direction", "in"), ("needs_attention", False), ("ticket__isnull", True)),
                fields=["organization", "-occurred_at", "-id"],
                name="message_noise",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["organization", "current_ticket"], name="conversation_ticket"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["organization", "ticket", "due_at"], name="commitment_ticket"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["organization", "ticket"], name="clock_ticket"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("met_at__isnull", True)),
                fields=("organization", "ticket", "kind"),
                name="clock_one_running",
            ),
        ),
    ]
    operations = together(operations)
