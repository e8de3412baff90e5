"""Following claims, in the order in which a member meets the pages."""

from django.urls import path

from mypolis.insurance.claims.pages import action_views, file_views, paper_views, views

_CLAIM = "<market:market>/claims/<uuid:claim>/"

urlpatterns = [
    path("<market:market>/claims/", views.claims, name="claims"),
    path(_CLAIM, views.claim, name="claim"),
    path(f"{_CLAIM}files/<uuid:file>/", file_views.file, name="claim-file"),
    path(f"{_CLAIM}acknowledgement.pdf", paper_views.acknowledgement_paper, name="claim-acknowledgement"),
    path(f"{_CLAIM}answers/", action_views.answer, name="claim-answers"),
    path(f"{_CLAIM}withdraw/", action_views.withdraw, name="claim-withdraw"),
    path(f"{_CLAIM}explanation/", paper_views.explanation, name="claim-explanation"),
    path(f"{_CLAIM}explanation.pdf", paper_views.explanation_paper, name="claim-explanation-pdf"),
    path(f"{_CLAIM}appeal/", action_views.appeal, name="claim-appeal"),
    path(f"{_CLAIM}account/", action_views.change_account, name="claim-account"),
    path(f"{_CLAIM}again/", action_views.send_again, name="claim-again"),
    path(f"{_CLAIM}clinic-bill/", action_views.answer_clinic_bill, name="claim-clinic-bill"),
    path("<market:market>/claims/statement/<int:year>.pdf", paper_views.statement_paper, name="claims-statement"),
]
