import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import SecureTables, narrow

# What is broken stays broken, and what was promised stays promised: only where it hangs, who answers for it and
# whether anything more is owed may still change (care.md, finding 13).
FOR_EVER = """
CREATE FUNCTION tickets_commitment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'broken' AND (TG_OP = 'DELETE' OR
        (NEW.state, NEW.due_at, NEW.settled_at, NEW.what, NEW.made_at, NEW.made_by_id, NEW.told_at, NEW.message_id)
        IS DISTINCT FROM
        (OLD.state, OLD.due_at, OLD.settled_at, OLD.what, OLD.made_at, OLD.made_by_id, OLD.told_at, OLD.message_id))
    THEN
        RAISE EXCEPTION 'a broken commitment stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.due_at IS DISTINCT FROM OLD.due_at THEN
        RAISE EXCEPTION 'another date is another commitment' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON tickets_commitment
    FOR EACH ROW EXECUTE FUNCTION tickets_commitment_stays();
"""
GONE = "DROP TRIGGER for_ever ON tickets_commitment; DROP FUNCTION tickets_commitment_stays()"
# Dates other systems gave before there were rows for them: one row each, told since the clock began.
FORMER = """
INSERT INTO tickets_commitment
    (organization_id, ticket_id, what, due_at, owner_id, made_at, told_at, state, proof, next_at, source)
SELECT c.organization_id, c.ticket_id, 'Fecha prometida', c.due_at, t.assignee_id, c.started_at, c.started_at, 'open',
       '', c.due_at, left(coalesce(c.why->>'source', ''), 120)
FROM tickets_clock c JOIN tickets_ticket t ON t.organization_id = c.organization_id AND t.id = c.ticket_id
WHERE c.kind = 'commitment' AND c.met_at IS NULL AND c.cancelled_at IS NULL;
"""
ASKED_FOR = """
ALTER TABLE tickets_consultation ADD CONSTRAINT tickets_consultation_commitment_id_fk
    FOREIGN KEY (organization_id, commitment_id) REFERENCES tickets_commitment (organization_id, id)
    DEFERRABLE INITIALLY IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0006_scope_granted"),
        ("tickets", "0020_calendars"),
    ]

    operations = [
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
                        name="commitment_due",
                    ),
                    models.Index(fields=["organization", "ticket", "due_at"], name="commitment_ticket"),
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
        migrations.AddField(
            model_name="consultation",
            name="commitment",
            field=helpdesk.tenancy.models.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tickets.commitment",
            ),
        ),
        SecureTables("Commitment", worker=("Commitment",)),
        migrations.RunSQL(
            narrow("tickets_commitment", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(ASKED_FOR, migrations.RunSQL.noop),
        migrations.RunSQL(FORMER, migrations.RunSQL.noop),
        migrations.RunSQL(FOR_EVER, GONE),
    ]
