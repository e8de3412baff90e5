"""A member's cover: all policies, one policy, one benefit."""

from django.urls import path

from mypolis.insurance.coverage.pages import views

urlpatterns = [
    path("<market:market>/cover/", views.policies, name="cover"),
    path("<market:market>/cover/search/", views.search, name="cover-search"),
    path("<market:market>/cover/<str:policy>/", views.policy, name="cover-policy"),
    path("<market:market>/cover/<str:policy>/documents/<str:document>/", views.document, name="cover-document"),
    path("<market:market>/cover/<str:policy>/<str:benefit>/", views.benefit, name="cover-benefit"),
]
