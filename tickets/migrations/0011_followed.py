from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Q

from helpdesk.tenancy.together import together

# Who has a secret from before began the conversations of the page in which its case stands.
OWN = """
UPDATE tickets_casesecret s SET threads = coalesce((
    SELECT array_agg(c.id ORDER BY c.id) FROM tickets_conversation c
    WHERE c.organization_id = s.organization_id AND c.current_ticket_id = s.ticket_id AND c.kind = 'web'), '{}')
WHERE NOT EXISTS (SELECT 1 FROM tickets_casesecret o
    WHERE o.organization_id = s.organization_id AND o.ticket_id = s.ticket_id AND o.id <> s.id)
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_public")]

    operations = [
        migrations.AddField(
            "CaseSecret",
            "threads",
            django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list),
        ),
        migrations.AddField("CaseSecret", "email", models.BinaryField(null=True)),
        migrations.AddField(
            "CaseSecret", "language", models.CharField(blank=True, db_default="", max_length=5)
        ),
        migrations.AddField("CaseSecret", "tell_at", models.DateTimeField(null=True)),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "CaseSecret",
            models.CheckConstraint(
                condition=Q(tell_at__isnull=True) | Q(email__isnull=False), name="case_secret_told_where"
            ),
        ),
        migrations.AddIndex(
            "CaseSecret",
            models.Index(
                fields=["organization", "tell_at"],
                name="case_secret_tell",
                condition=Q(tell_at__isnull=False),
            ),
        ),
        migrations.AddField("QuestionWeek", "asked_at", models.DateTimeField(null=True)),
    ]
    operations = together(operations)
