"""The address at which a colleague enters a claim."""

from django.urls import path

from mypolis.insurance.claims.entering import views

urlpatterns = [path("<market:market>/people/<int:person>/claims/new/", views.enter_claim, name="desk-claim-enter")]
