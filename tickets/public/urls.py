from django.urls import path

from tickets.public.views import brand, case, home, robots, secure, status, told

urlpatterns = [
    path("", home.home, name="home"),
    path("quien/", home.who, name="who"),
    path("novedades/", home.notices, name="notices"),
    path("foto/<int:pk>/", home.photo, name="photo"),
    path("caso/", case.case, name="case"),
    path("estado/", status.status, name="status"),
    path("aviso/<str:token>/", told.told, name="told"),
    path("datos/<str:token>/", secure.secure, name="secure"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path("marca.css", brand.colours, name="brand"),
    path("logo", brand.logo, name="logo"),
]
