from django.db import migrations

from helpdesk.tenancy.rls import follow

# What hangs from a case or its words is seen with them, in whatever room it was thought of.
FOLLOWERS = [
    follow("tickets_classification", "ticket_id", "tickets_ticket"),
    follow("tickets_consultation", "ticket_id", "tickets_ticket"),
    follow("tickets_letter", "message_id", "tickets_message"),
    follow("tickets_triagecorrection", "message_id", "tickets_message"),
    follow("tickets_noisesample", "message_id", "tickets_message"),
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0018_attention")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in FOLLOWERS]
