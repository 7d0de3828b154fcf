"""The public site of an organization: every room that has pages there, under one prefix and one namespace."""

from django.urls import include, path

from tickets.public.views.missing import missing

app_name = "public"
urlpatterns = [
    path("", include("tickets.public.urls")),
    path("", include("faq.public_urls")),
    # Whatever else is asked under the prefix, last.
    path("<path:rest>", missing, name="missing"),
]
