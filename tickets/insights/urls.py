from django.urls import path, re_path

from tickets.insights.views import figures

urlpatterns = [
    path("<slug:org>/tablero/cifras/", figures.figures, name="board_figures"),
    path("<slug:org>/tablero/cifras/grupos/", figures.parts, name="board_figures_parts"),
    path("<slug:org>/tablero/cifras/definiciones/", figures.meanings, name="board_figures_meanings"),
    path("<slug:org>/tablero/cifras/casos/<slug:what>/", figures.cases, name="board_figures_cases"),
    re_path(
        r"^(?P<org>[-\w]+)/tablero/cifras/archivo\.(?P<form>csv|xlsx)$",
        figures.export,
        name="board_figures_file",
    ),
]
