"""The addresses of the claims desk."""

from django.urls import path

from mypolis.insurance.claims.desk.pages import assessing_views as assessing
from mypolis.insurance.claims.desk.pages import claim_views, duplicate_views, evidence_views
from mypolis.insurance.claims.desk.pages.questions import question_views
from mypolis.insurance.claims.desk.pages.queue import acts, views

_CLAIM = "<market:market>/claims/<str:number>/"

urlpatterns = [
    path("<market:market>/claims/", views.queue, name="desk-claims"),
    path("<market:market>/claims/next/", views.next_one, name="desk-next-claim"),
    path("<market:market>/claims/hand-over/", acts.hand_over_many, name="desk-claims-hand-over"),
    path("<market:market>/claims/put-back/", acts.put_back_many, name="desk-claims-put-back"),
    path(_CLAIM, claim_views.claim, name="desk-claim"),
    path(f"{_CLAIM}take/", claim_views.take, name="desk-claim-take"),
    path(f"{_CLAIM}put-back/", claim_views.put_back, name="desk-claim-put-back"),
    path(f"{_CLAIM}hand-over/", claim_views.hand_over, name="desk-claim-hand-over"),
    path(f"{_CLAIM}look/", claim_views.look_without_taking, name="desk-claim-look"),
    path(f"{_CLAIM}files/<uuid:file>/", claim_views.file, name="desk-claim-file"),
    path(f"{_CLAIM}lines/<uuid:line>/", assessing.save, name="desk-claim-line"),
    path(f"{_CLAIM}renew/", assessing.renew_draft, name="desk-claim-renew"),
    path(f"{_CLAIM}decision/", assessing.decision, name="desk-claim-decision"),
    path(f"{_CLAIM}undo/", assessing.undo, name="desk-claim-undo"),
    path(f"{_CLAIM}send-back/", assessing.send_back, name="desk-claim-send-back"),
    path(f"{_CLAIM}duplicate/", duplicate_views.duplicate, name="desk-claim-duplicate"),
    path(f"{_CLAIM}facts/", evidence_views.facts, name="desk-claim-facts"),
    path(f"{_CLAIM}earlier/", evidence_views.earlier, name="desk-claim-earlier"),
    path(f"{_CLAIM}questions/", question_views.questions, name="desk-claim-questions"),
    path(f"{_CLAIM}history/", evidence_views.history, name="desk-claim-history"),
    path(f"{_CLAIM}member-view/", evidence_views.member_view, name="desk-claim-member-view"),
]
