"""The demo's own URLs; they exist only in demo mode."""

from django.urls import path

from mypolis.demo import views

app_name = "demo"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/messages.json", views.messages_json, name="messages"),
    path("inbox/people.json", views.people_json, name="people"),
    path("inbox/colleagues.json", views.colleagues_json, name="colleagues"),
    path("inbox/messages/<int:message_id>.html", views.message_html, name="message"),
]
