from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import helpdesk.tenancy.models

# Organizations from before rules were planted: none of theirs tells of a promised date (escalation/domain/planting.py).
WARNED = """
INSERT INTO tickets_escalationrule (organization_id, trigger, priorities, notifies, moves, raises, is_active, version)
SELECT o.id, first.trigger, '{}', first.whom, '', false, true, 1
FROM helpdesk_organization o
CROSS JOIN (VALUES (1, 'promise_warned', 'owner'), (2, 'promise_warned', 'supervisors'),
                   (3, 'promise_broken', 'supervisors')) AS first(place, trigger, whom)
WHERE NOT EXISTS (SELECT 1 FROM tickets_escalationrule r
                  WHERE r.organization_id = o.id AND r.trigger IN ('promise_warned', 'promise_broken'))
-- Whoever dropped one meant it.
AND NOT EXISTS (SELECT 1 FROM helpdesk_auditevent e WHERE e.organization_id = o.id AND e.action = 'escalation.dropped'
                AND e.data ->> 'trigger' IN ('promise_warned', 'promise_broken'))
ORDER BY o.id, first.place
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_followed")]

    operations = [
        migrations.AlterField(
            "CaseMove",
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
        migrations.AddField(
            "ImportPiece",
            "unopened",
            django.contrib.postgres.fields.ArrayField(models.IntegerField(), db_default=[], default=list),
        ),
        migrations.RunSQL(WARNED, migrations.RunSQL.noop),
    ]
