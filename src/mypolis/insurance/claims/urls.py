"""Claims: their drafts, and following them."""

from mypolis.insurance.claims.drafts.pages import urls as drafts
from mypolis.insurance.claims.pages import urls as pages

urlpatterns = [*drafts.urlpatterns, *pages.urlpatterns]
