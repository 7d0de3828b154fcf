"""Accounts on X connected before look at what they heard again, too."""

from django.db import migrations

ADD = """
INSERT INTO channels_social_pollcursor (organization_id, account_id, stream, cursor, failures)
SELECT organization_id, id, 'again', '', 0 FROM channels_social_socialaccount WHERE network = 'x'
ON CONFLICT DO NOTHING
"""
REMOVE = "DELETE FROM channels_social_pollcursor WHERE stream = 'again'"


class Migration(migrations.Migration):
    dependencies = [("channels_social", "0004_leaving")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
