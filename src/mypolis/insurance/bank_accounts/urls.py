"""A member's bank accounts. The page that adds one is the journey `bank-account`."""

from django.urls import path

from mypolis.insurance.bank_accounts import views

urlpatterns = [
    path("<market:market>/bank-accounts/", views.bank_accounts, name="bank-accounts"),
    path("<market:market>/bank-accounts/<uuid:key>/default/", views.pay_here, name="bank-account-default"),
    path("<market:market>/bank-accounts/<uuid:key>/remove/", views.remove, name="bank-account-remove"),
]
