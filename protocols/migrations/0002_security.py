from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]


class Migration(migrations.Migration):
    dependencies = [
        ("protocols", "0001_initial"),
        ("helpdesk", "0002_security"),
    ]

    operations = [
        SecureTables(
            "Calendar",
            "OpeningHours",
            "Holiday",
            "SlaPolicy",
            "TreeDraft",
            "TreeNode",
            "TreeVersion",
            "OneOff",
        ),
        # What was published stays as it was, and a name that cases point to stays.
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON protocols_treeversion FROM "{APP}", "{WORKER}";'
            f'REVOKE DELETE ON protocols_treenode FROM "{APP}", "{WORKER}"',
            migrations.RunSQL.noop,
        ),
    ]
