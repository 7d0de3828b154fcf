from django.conf import settings
from django.db import migrations

from helpdesk.site.watching import unwatch, watch
from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
# What readers see of an article; the words themselves are versions, which never change.
SHOWN = ("state", "title", "slug", "code", "category_id", "countries", "expires_on", "version_id")


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0001_initial"),
        ("helpdesk", "0003_site"),
    ]

    operations = [
        SecureTables("Category", "Article", "ArticleVersion", "ArticleVote", "MissedSearch"),
        # What was published stays as it was: answers link to it.
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON faq_articleversion FROM "{APP}", "{WORKER}"', migrations.RunSQL.noop
        ),
        migrations.RunSQL(watch("faq_article", SHOWN), unwatch("faq_article")),
        migrations.RunSQL(watch("faq_category"), unwatch("faq_category")),
    ]
