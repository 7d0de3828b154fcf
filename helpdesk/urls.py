from django.urls import include, path
from django.views.i18n import set_language

from channels_social.views.leaving import status as data_deletion
from helpdesk import views
from helpdesk.entrance import views as entrance
from tickets.console.views.pages import home
from tickets.public.views.robots import robots

urlpatterns = [
    path("", home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("privacidad/facebook/<slug:code>/", data_deletion, name="data_deletion"),
    path("idioma/", set_language, name="set_language"),
    path("entrar/", entrance.sign_on, name="sign_on"),
    path("entrar/<slug:slug>/", entrance.sign_on_at, name="sign_on_at"),
    # Before allauth's own of the same names: stricter (``helpdesk.tenancy.provider``).
    path("cuenta/oidc/<slug:provider_id>/login/", entrance.login, name="openid_connect_login"),
    path("cuenta/oidc/<slug:provider_id>/login/callback/", entrance.callback, name="openid_connect_callback"),
    path("cuenta/oidc/<slug:provider_id>/logout/", entrance.back_channel_logout, name="back_channel_logout"),
    path("cuenta/", include("allauth.urls")),
    path("ayuda/<slug:org>/", include("helpdesk.public_urls", namespace="public")),
    # What is asked most is looked for first: every address that is tried costs some.
    path("", include("tickets.console.urls")),
    path("", include("tickets.api.urls")),
    path("", include("tickets.areas.urls")),
    path("", include("faq.urls")),
    path("", include("tickets.questions.urls")),
    path("", include("tickets.insights.urls")),
    path("", include("tickets.doors.urls")),
    path("", include("tickets.listening.urls")),
    path("", include("tickets.escalation.urls")),
    path("", include("tickets.supervision.urls")),
    path("", include("tickets.team.urls")),
    path("", include("tickets.settings.urls")),
    path("", include("tickets.public.desk_urls")),
    path("", include("tickets.api.settings_urls")),
    path("<slug:org>/events/", views.events, name="events"),
]
