"""A member's pages about guarantees, and the page that verifies a letter's code."""

from django.urls import path

from mypolis.insurance.guarantees import views
from mypolis.insurance.guarantees.letters import views as letter_views

urlpatterns = [
    path("<market:market>/guarantees/", views.guarantees, name="guarantees"),
    path("<market:market>/guarantees/ask/", views.ask, name="guarantee-ask"),
    path("<market:market>/guarantees/<uuid:guarantee>/", views.guarantee, name="guarantee"),
    path("<market:market>/guarantees/<uuid:guarantee>/letter.pdf", views.letter, name="guarantee-letter"),
    path("<market:market>/g/<str:code>", letter_views.check, name="guarantee-check"),
]
