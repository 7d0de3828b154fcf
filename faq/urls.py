from django.urls import path

from faq.views import articles, themes

urlpatterns = [
    path("<slug:org>/articulos/", articles.articles, name="articles"),
    path("<slug:org>/articulos/nuevo/", articles.article_add, name="article_add"),
    path("<slug:org>/articulos/temas/", themes.themes, name="article_themes"),
    path("<slug:org>/articulos/no-encontrado/<int:pk>/", themes.missed, name="article_missed"),
    path("<slug:org>/articulos/<int:pk>/", articles.article, name="article"),
    path("<slug:org>/articulos/<int:pk>/paso/", articles.article_life, name="article_life"),
]
