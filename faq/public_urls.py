"""The pages of articles on the public site; ``helpdesk.public_urls`` gives them their prefix and namespace."""

from django.urls import path

from faq.views import public

urlpatterns = [
    path("preguntas/", public.questions, name="questions"),
    path("preguntas/buscar/", public.search, name="search"),
    path("preguntas/tema/<slug:theme>/", public.theme, name="theme"),
    path("preguntas/<slug:slug>/", public.article, name="article"),
    path("preguntas/<slug:slug>/opinion/", public.vote, name="vote"),
    path("r/<slug:code>/", public.short, name="short"),
]
