"""The pages of a draft, in the order of a first claim."""

from django.urls import path

from mypolis.insurance.claims.drafts.pages import document_views, review_views, views

_CLAIM = "<market:market>/claims/<uuid:claim>"

urlpatterns = [
    path("<market:market>/claims/new/", views.new, name="claim-new"),
    path(f"{_CLAIM}/documents/", document_views.documents, name="claim-documents"),
    path(f"{_CLAIM}/documents/<uuid:file>/remove/", document_views.remove_file, name="claim-file-remove"),
    path(f"{_CLAIM}/bills/", views.bills, name="claim-bills"),
    path(f"{_CLAIM}/bills/<uuid:line>/", views.bill, name="claim-bill"),
    path(f"{_CLAIM}/bills/<uuid:line>/remove/", views.remove_bill, name="claim-bill-remove"),
    path(f"{_CLAIM}/pay/", views.pay, name="claim-pay"),
    path(f"{_CLAIM}/review/", review_views.review, name="claim-review"),
    path(f"{_CLAIM}/discard/", views.discard, name="claim-discard"),
]
