from django.urls import include, path
from django.views.i18n import set_language

from helpdesk import views
from tickets.console.views.pages import home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("idioma/", set_language, name="set_language"),
    path("cuenta/", include("allauth.urls")),
    path("", include("tickets.api.urls")),
    path("", include("tickets.areas.urls")),
    path("", include("tickets.console.urls")),
    path("", include("tickets.doors.urls")),
    path("", include("tickets.listening.urls")),
    path("", include("tickets.settings.urls")),
    path("<slug:org>/events/", views.events, name="events"),
]
