"""The addresses of the desk's pages about reports."""

from django.urls import path

from mypolis.offices.reports import desk_views as views
from mypolis.offices.reports.claim_lists.desk_views import claim_list_file, claim_lists

urlpatterns = [
    path("<market:market>/reports/", views.reports, name="desk-reports"),
    path("<market:market>/reports/claims/", claim_lists, name="desk-claim-lists"),
    path("<market:market>/reports/claims/<int:key>/file/", claim_list_file, name="desk-claim-list-file"),
    path("<market:market>/reports/<slug:name>/", views.report, name="desk-report"),
    path("<market:market>/reports/<slug:name>/file/", views.report_file, name="desk-report-file"),
]
