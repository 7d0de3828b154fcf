from django.urls import path

from tickets.public.views import brand, case, home, status

urlpatterns = [
    path("", home.home, name="home"),
    path("caso/", case.case, name="case"),
    path("estado/", status.status, name="status"),
    path("marca.css", brand.colours, name="brand"),
    path("logo", brand.logo, name="logo"),
]
