"""What colleagues do about the public site, in the console."""

from django.urls import path

from tickets.public.views import links

urlpatterns = [
    path("<slug:org>/casos/<int:number>/datos/", links.links, name="secure_links"),
    path("<slug:org>/datos/<int:pk>/", links.link, name="secure_link"),
]
