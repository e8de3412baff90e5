"""The addresses of the audit's pages."""

from django.urls import path

from mypolis.offices.audit import desk_views as views

urlpatterns = [
    path("<market:market>/audit/", views.search, name="desk-audit"),
    path("<market:market>/audit/events/<int:number>/", views.event, name="desk-audit-event"),
    path("<market:market>/audit/verify/", views.verifications, name="desk-audit-verifications"),
    path("<market:market>/audit/export/", views.export_file, name="desk-audit-export"),
]
