"""The addresses of the desk's pages about reports."""

from django.urls import path

from mypolis.offices.reports import desk_views as views

urlpatterns = [
    path("<market:market>/reports/", views.reports, name="desk-reports"),
    path("<market:market>/reports/<slug:name>/", views.report, name="desk-report"),
    path("<market:market>/reports/<slug:name>/file/", views.report_file, name="desk-report-file"),
]
