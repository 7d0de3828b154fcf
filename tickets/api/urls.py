from django.urls import path

from tickets.api.views import tickets

urlpatterns = [
    path("api/v1/<slug:org>/tickets/", tickets.Tickets.as_view(), name="api_tickets"),
    path("api/v1/<slug:org>/tickets/<int:number>/", tickets.OneTicket.as_view(), name="api_ticket"),
]
