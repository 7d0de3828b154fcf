from __future__ import annotations

from django.db import migrations, models

# Of answers that left before, only when they left is known of a case.
BEFORE = "UPDATE tickets_ticket SET answered_until = last_sent_at WHERE last_sent_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_by_themselves")]

    operations = [
        migrations.AddField("Ticket", "answered_until", models.DateTimeField(null=True)),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
