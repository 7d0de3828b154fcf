from django.urls import path, re_path

from tickets.api.views import filings, people, talk, tickets, webhooks
from tickets.api.views.schema import nowhere, schema

ORG = "api/v1/<slug:org>/"
urlpatterns = [
    path("api/v1/schema/", schema, name="api_schema"),
    path(f"{ORG}tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path(f"{ORG}tickets/<int:number>/", tickets.OneTicket.as_view(), name="api_ticket"),
    path(f"{ORG}tickets/<int:number>/messages/", talk.Messages.as_view(), name="api_messages"),
    path(f"{ORG}tickets/<int:number>/replies/", talk.Replies.as_view(), name="api_replies"),
    path(f"{ORG}tickets/<int:number>/notes/", talk.Notes.as_view(), name="api_notes"),
    path(f"{ORG}customers/", people.Customers.as_view(), name="api_customers"),
    path(f"{ORG}customers/<int:pk>/", people.OneCustomer.as_view(), name="api_customer"),
    path(f"{ORG}filings/", filings.Filings.as_view(), name="api_filings"),
    path(f"{ORG}filings/<str:radicado>/", filings.OneFiling.as_view(), name="api_filing"),
    path(f"{ORG}webhooks/", webhooks.Webhooks.as_view(), name="api_webhooks"),
    path(f"{ORG}webhooks/<int:pk>/", webhooks.OneWebhook.as_view(), name="api_webhook"),
    path(f"{ORG}webhooks/<int:pk>/deliveries/", webhooks.Deliveries.as_view(), name="api_deliveries"),
    path(f"{ORG}webhooks/<int:pk>/test/", webhooks.Test.as_view(), name="api_webhook_test"),
    # What is not there is told as every refusal is.
    re_path(r"^api/v1/", nowhere, name="api_nowhere"),
]
