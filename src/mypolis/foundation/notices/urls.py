"""URLs that partners call with reports. They are not pages."""

from django.urls import path

from mypolis.foundation.notices import views

urlpatterns = [
    path("hooks/sms/<slug:gateway>/", views.sms_receipt, name="sms-receipt"),
    path("hooks/mail/<slug:reporter>/", views.mail_bounce, name="mail-bounce"),
]
