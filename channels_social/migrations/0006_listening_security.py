from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

# `@@` is not leakproof: under a policy it never reaches an index (decisions 1). Reading what one page shows from
# the newest rows first costs nothing where words are common; the index answers where they are rare.
TSV = """
ALTER TABLE channels_social_finding ADD COLUMN tsv tsvector
    GENERATED ALWAYS AS (to_tsvector('spanish', text || ' ' || author_name || ' ' || author_handle)) STORED;
CREATE INDEX finding_tsv ON channels_social_finding USING gin (organization_id, tsv);
"""


class Migration(migrations.Migration):
    dependencies = [("channels_social", "0005_listening")]

    operations = [
        SecureTables("SavedSearch", "Finding", "AccountBudget"),
        migrations.RunSQL(TSV, migrations.RunSQL.noop),
    ]
