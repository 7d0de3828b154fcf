from django.db import migrations

from helpdesk.tenancy.rls import SecureTables


class Migration(migrations.Migration):
    dependencies = [("protocols", "0001_initial"), ("helpdesk", "0002_security")]

    operations = [SecureTables("Calendar", "OpeningHours", "Holiday", "SlaPolicy")]
