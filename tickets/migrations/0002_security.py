from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

# The key of an access token that wrote: its column's default is the setting, so it is no reference of the model.
TOKENS = ";".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_token_id_fk FOREIGN KEY (organization_id, token_id) "
    "REFERENCES helpdesk_apitoken (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
    for table in ("helpdesk_auditevent", "tickets_message", "tickets_note")
)


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
            worker=(
                "Clock",
                "Filing",
                "CaseImport",
                "WebhookSubscription",
                "WebhookDelivery",
                "Consultation",
                "ClockRecount",
                "Commitment",
            ),
        ),
        migrations.RunSQL(TOKENS, migrations.RunSQL.noop),
    ]
