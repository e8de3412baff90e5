from mypolis.foundation.notices.catalogue import Template

MESSAGES = (Template("umbrella-found", {"place": "Sava"}),)
