"""A member's pages about cards and letters, and the counter's pages that verify a card's or a letter's code."""

from django.urls import path

from mypolis.insurance.ecard import views
from mypolis.insurance.ecard.counter import views as counter_views
from mypolis.insurance.ecard.letters import views as letter_views

urlpatterns = [
    path("<market:market>/cover/<str:policy>/letters/new/", letter_views.write, name="letter-write"),
    path("<market:market>/letters/<str:letter>/", letter_views.letter, name="letter"),
    path("<market:market>/card/", views.first, name="card"),
    path("<market:market>/card/offline/", views.offline, name="card-offline"),
    path("<market:market>/card/<str:card>/", views.one, name="card-one"),
    path("<market:market>/card/<str:card>/activate/", views.activate, name="card-activate"),
    path("<market:market>/card/<str:card>/desk/", views.counter, name="card-counter"),
    path("<market:market>/card/<str:card>/pdf/", views.pdf, name="card-pdf"),
    path("<market:market>/card/<str:card>/looks/", views.checks, name="card-looks"),
    path("<market:market>/card/<str:card>/lost/", views.replace, name="card-lost"),
    path("<market:market>/v/<str:code>", counter_views.check, name="card-check"),
    path("<market:market>/l/<str:code>", counter_views.letter_check, name="letter-check"),
]
