"""Claims: their drafts, and following them."""

from mypolis.insurance.claims.pages import urls as pages

urlpatterns = [*pages.urlpatterns]
