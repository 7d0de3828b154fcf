from django.urls import path

from tickets.public.views import brand, home

urlpatterns = [
    path("", home.home, name="home"),
    path("marca.css", brand.colours, name="brand"),
    path("logo", brand.logo, name="logo"),
]
