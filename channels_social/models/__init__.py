from channels_social.models.account import CreditSpend, PollCursor, RateLimit, SocialAccount
from channels_social.models.inbound import InboundEvent, Inbox, UnknownDelivery
from channels_social.models.leaving import DataDeletion
from channels_social.models.listening import AccountBudget, Finding, SavedSearch
from channels_social.models.media import Media
from channels_social.models.outbound import OutboundAction

__all__ = [
    "AccountBudget",
    "CreditSpend",
    "DataDeletion",
    "Finding",
    "Inbox",
    "InboundEvent",
    "Media",
    "OutboundAction",
    "PollCursor",
    "RateLimit",
    "SavedSearch",
    "SocialAccount",
    "UnknownDelivery",
]
