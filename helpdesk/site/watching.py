"""SQL for migrations: what a public page shows moves the version of its site, in the transaction of the change.

The trigger is deferred to the commit, so that the site's row is locked last and shortly: no two writers who do
other things besides can wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence

FUNCTIONS = """
CREATE FUNCTION helpdesk_site_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE helpdesk_site SET version = version + 1
    WHERE organization_id = coalesce(NEW.organization_id, OLD.organization_id);
    RETURN NULL;
END $$;
CREATE FUNCTION helpdesk_site_moves_with_organization() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE helpdesk_site SET version = version + 1 WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION helpdesk_site_moves_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER site_moves_itself BEFORE UPDATE ON helpdesk_site
    FOR EACH ROW WHEN (OLD.version = NEW.version) EXECUTE FUNCTION helpdesk_site_moves_itself();
CREATE CONSTRAINT TRIGGER site_moves AFTER UPDATE OF name, slug, country, sector, timezone, closed_at
    ON helpdesk_organization DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION helpdesk_site_moves_with_organization();
"""

# A visitor has no tenant yet, and what the door keeps is asked before any: of slugs, the version that is shown now.
VERSIONS = """
CREATE FUNCTION helpdesk_site_versions(p_slugs text[]) RETURNS TABLE (slug text, version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.slug, s.version FROM helpdesk_site s JOIN helpdesk_organization o ON o.id = s.organization_id
    WHERE o.slug = ANY(p_slugs) AND s.is_on AND o.closed_at IS NULL
$$;
REVOKE ALL ON FUNCTION helpdesk_site_versions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION helpdesk_site_versions TO "{app}";
"""


def watch(table: str, columns: Sequence[str] = ()) -> str:
    """SQL: a row of this tenant table that comes, goes or changes (in these columns, else in any) moves its site."""
    of = f" OF {', '.join(columns)}" if columns else ""
    return (
        f'CREATE CONSTRAINT TRIGGER site_moves AFTER INSERT OR DELETE OR UPDATE{of} ON "{table}" '
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION helpdesk_site_moves();"
    )


def unwatch(table: str) -> str:
    """SQL that takes the trigger of :func:`watch` away."""
    return f'DROP TRIGGER site_moves ON "{table}";'
