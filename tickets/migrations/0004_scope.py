from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import MEMBER, TENANT, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

# Who sees a case. Whom it is shared with sees it whatever their scope; a reserved one nobody else.
# Written out in the policies themselves these conditions cost every statement a millisecond of planning, and ten
# where tables follow one another; so the policies ask functions, and the list of who sees everything asks none.
# Definers: what they read (cases, access, accounts) is not to be narrowed once more. The tenant is the setting's.
HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
ORG = "nullif(current_setting('app.tenant', true), '')::bigint"
SEES = f"""
CREATE FUNCTION tickets_sees_case(p_ticket bigint, p_account bigint, p_assignee bigint, p_priority text,
    p_reserved boolean) RETURNS boolean {HEAD}
DECLARE
    scope text := coalesce(current_setting('app.scope', true), '');
    me bigint := {MEMBER};
    org bigint := {ORG};
BEGIN
    IF NOT p_reserved
        AND (position('accounts' IN scope) = 0 OR EXISTS (SELECT 1 FROM tickets_memberaccount a
            WHERE a.organization_id = org AND a.member_id = me AND a.account_id = p_account))
        AND (position('brand' IN scope) = 0 OR EXISTS (SELECT 1 FROM channels_social_socialaccount s
            WHERE s.organization_id = org AND s.id = p_account AND s.purpose = 'brand'))
        AND (position('own' IN scope) = 0 OR p_assignee = me
            OR (position('pool' IN scope) > 0 AND p_assignee IS NULL AND p_priority = 'low'))
    THEN RETURN true; END IF;
    RETURN coalesce(current_setting('app.whole', true), '') = 'on' OR EXISTS (
        SELECT 1 FROM tickets_caseaccess x WHERE x.organization_id = org AND x.ticket_id = p_ticket
        AND x.member_id = me AND (x.until IS NULL OR x.until > now()));
END $$;

CREATE FUNCTION tickets_sees_ticket(p_ticket bigint) RETURNS boolean {HEAD}
DECLARE
    t tickets_ticket;
BEGIN
    SELECT * INTO t FROM tickets_ticket WHERE organization_id = {ORG} AND id = p_ticket;
    -- Intake writes threads and messages before their case, in one transaction: what is not there hides nothing.
    IF NOT FOUND THEN RETURN true; END IF;
    IF NOT t.is_reserved AND coalesce(current_setting('app.scope', true), '') = '' THEN RETURN true; END IF;
    RETURN tickets_sees_case(t.id, t.account_id, t.assignee_id, t.priority, t.is_reserved);
END $$;

CREATE FUNCTION tickets_sees_thread(p_ticket bigint, p_account bigint) RETURNS boolean {HEAD}
BEGIN
    IF p_ticket IS NOT NULL THEN RETURN tickets_sees_ticket(p_ticket); END IF;
    -- Noise goes by its account; nobody shares it and nobody has it.
    RETURN tickets_sees_case(NULL, p_account, NULL, '', false);
END $$;

CREATE FUNCTION tickets_sees_message(p_ticket bigint, p_conversation bigint) RETURNS boolean {HEAD}
DECLARE
    place bigint;
BEGIN
    IF p_ticket IS NOT NULL THEN RETURN tickets_sees_ticket(p_ticket); END IF;
    IF coalesce(current_setting('app.scope', true), '') = '' THEN RETURN true; END IF;
    SELECT account_id INTO place FROM tickets_conversation WHERE organization_id = {ORG} AND id = p_conversation;
    RETURN tickets_sees_case(NULL, place, NULL, '', false);
END $$;

CREATE FUNCTION tickets_sees_part(p_message bigint) RETURNS boolean {HEAD}
DECLARE
    m record;
BEGIN
    SELECT ticket_id, conversation_id INTO m FROM tickets_message WHERE organization_id = {ORG} AND id = p_message;
    RETURN NOT FOUND OR tickets_sees_message(m.ticket_id, m.conversation_id);
END $$;
REVOKE ALL ON FUNCTION tickets_sees_case, tickets_sees_ticket, tickets_sees_thread, tickets_sees_message,
    tickets_sees_part FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_sees_case, tickets_sees_ticket, tickets_sees_thread, tickets_sees_message,
    tickets_sees_part TO "{APP}", "{WORKER}";
"""
EVERYTHING = "coalesce(current_setting('app.scope', true), '') = ''"
POLICIES = [
    narrow(
        "tickets_ticket",
        f"(NOT is_reserved AND {EVERYTHING}) "
        "OR tickets_sees_case(id, account_id, assignee_id, priority, is_reserved)",
    ),
    narrow(
        "tickets_conversation",
        f"(current_ticket_id IS NULL AND {EVERYTHING}) OR tickets_sees_thread(current_ticket_id, account_id)",
    ),
    narrow("tickets_message", "tickets_sees_message(ticket_id, conversation_id)"),
    *[
        narrow(table, f"{column} IS NULL OR tickets_sees_ticket({column})")
        for table, column in (
            ("tickets_note", "ticket_id"),
            ("tickets_filing", "ticket_id"),
            ("tickets_reference", "ticket_id"),
            ("tickets_clock", "ticket_id"),
            ("tickets_wait", "ticket_id"),
            ("tickets_petition", "ticket_id"),
            ("tickets_casemove", "kept_id"),
            ("helpdesk_auditevent", "ticket_id"),
        )
    ],
    *[
        narrow(table, f"{column} IS NULL OR tickets_sees_part({column})")
        for table, column in (
            ("tickets_messageversion", "message_id"),
            ("tickets_attachment", "message_id"),
            ("tickets_quote", "message_id"),
        )
    ],
]

WHOLE = "(SELECT coalesce(current_setting('app.whole', true), '') = 'on')"


def _without(word: str) -> str:
    return f"(SELECT position('{word}' IN coalesce(current_setting('app.scope', true), '')) = 0)"


def _mine(column: str) -> str:
    """As for threads without a case: by the account, and not for who sees only their own."""
    return (
        f"({_without('accounts')} OR {column} IN (SELECT a.account_id FROM tickets_memberaccount a "
        f"WHERE a.{TENANT} AND a.member_id = {MEMBER})) "
        f"AND ({_without('brand')} OR {column} IN (SELECT s.id FROM channels_social_socialaccount s "
        f"WHERE s.{TENANT} AND s.purpose = 'brand')) AND {_without('own')}"
    )


FINDINGS = narrow("channels_social_finding", f"({_mine('account_id')}) OR {WHOLE}")

# What hangs from a case or its words is seen with them, in whatever room it was thought of.
HANGING = [
    narrow("tickets_classification", "tickets_sees_ticket(ticket_id)"),
    narrow("tickets_consultation", "tickets_sees_ticket(ticket_id)"),
    narrow("tickets_letter", "tickets_sees_part(message_id)"),
    narrow("tickets_triagecorrection", "tickets_sees_part(message_id)"),
    narrow("tickets_noisesample", "tickets_sees_part(message_id)"),
    narrow("tickets_attentionchange", "tickets_sees_ticket(ticket_id)"),
    narrow("tickets_commitment", "tickets_sees_ticket(ticket_id)"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_search"),
    ]

    operations = [
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (SEES, *POLICIES, FINDINGS, *HANGING)),
    ]
