from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
# The key of an access token that wrote: its column's default is the setting, so it is no reference of the model.
TOKENS = ";".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_token_id_fk FOREIGN KEY (organization_id, token_id) "
    "REFERENCES helpdesk_apitoken (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
    for table in ("helpdesk_auditevent", "tickets_message", "tickets_note")
)
# References to what an app that sees nothing of its parent keeps as a number.
NUMBERS = """
ALTER TABLE protocols_slapolicy ADD CONSTRAINT protocols_slapolicy_account_id_fk
    FOREIGN KEY (organization_id, account_id) REFERENCES channels_social_socialaccount (organization_id, id)
    DEFERRABLE INITIALLY IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("helpdesk", "0002_security"),
        ("channels_social", "0002_security"),
        ("protocols", "0002_security"),
    ]

    operations = [
        SecureTables(
            "Customer",
            "Identity",
            "Ticket",
            "Filing",
            "Counter",
            "Conversation",
            "Message",
            "MessageVersion",
            "Tombstone",
            "Attachment",
            "Note",
            "CountDelta",
            "Clock",
            "Wait",
            "AccountPolicy",
            "CaseMove",
            "FilingRule",
            "FilingPolicy",
            "Reference",
            "IdentityKey",
            "Quote",
            "Unification",
            "KeptApart",
            "DoorKey",
            "DoorCall",
            "CaseImport",
            "ImportPiece",
            "RepeatableCall",
            "WebhookSubscription",
            "WebhookDelivery",
            "Classification",
            "Area",
            "AreaMember",
            "Consultation",
            "Letter",
            "TriagePolicy",
            "TriageCorrection",
            "TriageVersion",
            "NoiseSample",
            "CaseAccess",
            "MemberAccount",
            "Petition",
            "TeamChange",
            "AttentionChange",
            "ClockRecount",
            "Commitment",
            "DefinitiveAnswer",
            "TermExtension",
            "CaseProtocol",
            "Grant",
            "PrivacyNotice",
            "Invitation",
            "Shift",
            "MemberPhoto",
            "PracticeAnswer",
            "Alarm",
            "AlarmNotice",
            "AlarmPreference",
            "EscalationRule",
            "EscalationStep",
            "OnCallShift",
            "OnCallSwap",
            "PushSubscription",
            worker=(
                "Clock",
                "Filing",
                "CaseImport",
                "WebhookSubscription",
                "WebhookDelivery",
                "Consultation",
                "ClockRecount",
                "Commitment",
                "Alarm",
                "AlarmNotice",
                "EscalationStep",
                "Wait",
            ),
        ),
        migrations.RunSQL(TOKENS, migrations.RunSQL.noop),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
        # What was granted was granted; it goes with its case, and nowhere else.
        migrations.RunSQL(
            f'REVOKE DELETE ON tickets_grant, tickets_privacynotice FROM "{APP}", "{WORKER}"',
            migrations.RunSQL.noop,
        ),
    ]
