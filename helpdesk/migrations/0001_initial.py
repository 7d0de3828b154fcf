import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models

import helpdesk.tenancy.models
import helpdesk.tenancy.tokens
from helpdesk.tenancy.together import together

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
# Default privileges belong to one database, so they are given here and not where the roles are made.
GRANTS = f'''
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{APP}", "{WORKER}";
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{APP}", "{WORKER}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{APP}", "{WORKER}";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{APP}", "{WORKER}";
'''


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        BtreeGinExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="correo")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="nombre")),
                ("language", models.CharField(default="es", max_length=5)),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(max_length=2)),
                ("sector", models.CharField(max_length=20)),
                ("timezone", models.CharField(max_length=40)),
                ("hue", models.SmallIntegerField(null=True)),
                ("reopen_business_days", models.PositiveSmallIntegerField(default=10)),
                ("join_hours", models.PositiveSmallIntegerField(default=24)),
                ("undo_seconds", models.PositiveSmallIntegerField(default=8)),
                ("needs_sign_on", models.BooleanField(db_default=False, default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("modes", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ("is_limited", models.BooleanField(db_default=False, default=False)),
                ("display_name", models.CharField(max_length=80, verbose_name="nombre para firmar")),
                ("initials", models.CharField(max_length=4, verbose_name="iniciales")),
                ("is_active", models.BooleanField(default=True)),
                ("subject", models.CharField(blank=True, db_default="", max_length=400)),
                ("refused_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("available", "Disponible"),
                            ("busy", "Ocupado"),
                            ("pause", "En pausa"),
                            ("offline", "Desconectado"),
                        ],
                        db_default="offline",
                        default="offline",
                        max_length=10,
                    ),
                ),
                ("presence_at", models.DateTimeField(null=True)),
                ("needs_training", models.BooleanField(db_default=False, default=False)),
                ("trained_on", models.DateField(null=True)),
                ("trained_until", models.DateField(null=True)),
                ("training_evidence", models.CharField(blank=True, db_default="", max_length=200)),
                ("photo_version", models.PositiveIntegerField(db_default=0, default=0)),
                ("photo_public_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "supervisor",
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
                    "trained_by",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
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
                    models.UniqueConstraint(fields=("organization", "initials"), name="membership_initials"),
                    models.UniqueConstraint(fields=("organization", "user"), name="membership_user"),
                    models.CheckConstraint(
                        condition=models.Q(("initials__regex", "^[A-ZÑÁÉÍÓÚÜ]{2,4}$")),
                        name="membership_initials_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("action", models.CharField(max_length=60)),
                (
                    "token_id",
                    models.BigIntegerField(db_default=helpdesk.tenancy.tokens.SpeakingToken(), null=True),
                ),
                ("ticket_id", models.BigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                (
                    "actor",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("ticket_id__isnull", False)),
                        fields=["organization", "ticket_id", "id"],
                        name="audit_ticket",
                    ),
                    models.Index(
                        condition=models.Q(("ticket_id__isnull", True)),
                        fields=["organization", "-id"],
                        name="audit_configuration",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("initials", models.CharField(max_length=4)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("tickets:read", "Leer casos y mensajes"),
                                ("tickets:write", "Abrir y cambiar casos"),
                                ("messages:write", "Responder y escribir notas"),
                                ("customers:read", "Buscar y leer clientes"),
                                ("customers:write", "Corregir nombres de clientes"),
                                ("filings:read", "Leer radicados"),
                                ("webhooks:manage", "Administrar avisos a otros sistemas"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("approved_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="helpdesk.membership",
                    ),
                ),
                (
                    "revoked_by",
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
                    models.UniqueConstraint(fields=("organization", "digest"), name="api_token_digest"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("organization", "initials"),
                        name="api_token_initials",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.URLField(max_length=300)),
                ("authorize_origin", models.CharField(blank=True, max_length=300)),
                ("client_id", models.CharField(max_length=200)),
                ("client_secret", models.BinaryField()),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                ("default_role", models.CharField(blank=True, max_length=12)),
                ("is_required", models.BooleanField(default=False)),
                ("edited_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("approved_at", models.DateTimeField(null=True)),
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
                    "edited_by",
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
                    models.UniqueConstraint(fields=("organization",), name="sign_on_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("edited_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="sign_on_two_people",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
