"""The addresses of the desk's pages about relations of colleagues."""

from django.urls import path

from mypolis.membership.family.staff_relations import desk_views as views

urlpatterns = [
    path("<market:market>/relations/", views.relations, name="desk-staff-relations"),
    path("<market:market>/relations/<int:relation>/remove/", views.remove, name="desk-remove-staff-relation"),
]
