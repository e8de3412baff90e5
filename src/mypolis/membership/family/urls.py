"""A member's family, who may see whom, and mandates."""

from django.urls import path

from mypolis.membership.family import views

urlpatterns = [
    path("<market:market>/family/", views.family, name="family"),
    path("<market:market>/family/people/<str:key>/", views.person, name="family-person"),
    path("<market:market>/family/share/", views.share, name="family-share"),
    path("<market:market>/family/share/sent/", views.sent, name="family-share-sent"),
    path("<market:market>/family/seers/", views.who_sees_me, name="family-seers"),
    path("<market:market>/family/privacy/", views.privacy, name="family-privacy"),
    path("<market:market>/family/mandates/<uuid:key>/", views.mandate, name="family-mandate"),
    path("<market:market>/family/mandates/<uuid:key>/claims/", views.widen, name="family-mandate-widen"),
    path("<market:market>/family/mandates/<uuid:key>/end/", views.end, name="family-mandate-end"),
]
