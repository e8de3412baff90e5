"""A member's family, who may see whom, and mandates."""

from django.urls import path

from mypolis.membership.family import views
from mypolis.membership.family.claim_consents import views as consent_views

urlpatterns = [
    path("<market:market>/family/", views.family, name="family"),
    path("<market:market>/family/people/<str:key>/", views.person, name="family-person"),
    path("<market:market>/family/share/", views.share, name="family-share"),
    path("<market:market>/family/share/sent/", views.sent, name="family-share-sent"),
    path("<market:market>/family/seers/", views.who_sees_me, name="family-seers"),
    path("<market:market>/family/claims/", consent_views.for_whom, name="family-claims"),
    path("<market:market>/family/claims/<str:key>/ask/", consent_views.ask, name="family-consent-ask"),
    path("<market:market>/family/consents/<uuid:key>/end/", consent_views.end, name="family-consent-end"),
    path("<market:market>/claim-consent/<str:token>", consent_views.by_link, name="claim-consent"),
    path("<market:market>/family/privacy/", views.privacy, name="family-privacy"),
    path("<market:market>/family/mandates/<uuid:key>/", views.mandate, name="family-mandate"),
    path("<market:market>/family/mandates/<uuid:key>/claims/", views.widen, name="family-mandate-widen"),
    path("<market:market>/family/mandates/<uuid:key>/end/", views.end, name="family-mandate-end"),
]
