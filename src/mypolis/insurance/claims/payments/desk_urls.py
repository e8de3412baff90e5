"""The addresses of the desk's pages about payments."""

from django.urls import path

from mypolis.insurance.claims.payments import desk_views as views

urlpatterns = [
    path("<market:market>/payments/", views.runs, name="desk-payments"),
    path("<market:market>/payments/make/", views.make, name="desk-make-payment-run"),
    path("<market:market>/payments/results/", views.results, name="desk-payment-results"),
    path("<market:market>/payments/<str:number>/", views.run, name="desk-payment-run"),
    path("<market:market>/payments/<str:number>/sign/", views.sign_run, name="desk-sign-payment-run"),
    path("<market:market>/payments/<str:number>/file/", views.file, name="desk-payment-file"),
    path("<market:market>/payments/<str:number>/withdraw/", views.withdraw, name="desk-withdraw-payment-run"),
    path("<market:market>/payments/<str:number>/bank-refused/", views.bank_refused, name="desk-bank-refused-run"),
]
