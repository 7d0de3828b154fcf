"""The public site of an organization: every room that has pages there, under one prefix and one namespace."""

from django.urls import include, path

app_name = "public"
urlpatterns = [
    path("", include("tickets.public.urls")),
    path("", include("faq.public_urls")),
]
