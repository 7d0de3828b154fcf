from django.db import migrations

from helpdesk.tenancy.rls import narrow

# What hangs from a case or its words is seen with them, in whatever room it was thought of.
POLICIES = [
    narrow("tickets_classification", "tickets_sees_ticket(ticket_id)"),
    narrow("tickets_consultation", "tickets_sees_ticket(ticket_id)"),
    narrow("tickets_letter", "tickets_sees_part(message_id)"),
    narrow("tickets_triagecorrection", "tickets_sees_part(message_id)"),
    narrow("tickets_noisesample", "tickets_sees_part(message_id)"),
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0018_attention")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in POLICIES]
