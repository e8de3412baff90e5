"""Every page of the portal, for the tests of accessibility. A new page takes one line here; the first test of
`test_places.py` fails until it has one.
"""

DOCUMENTS = {"rs": "privacy", "id": "licence", "ru": "personal_data"}

# Route: an example address. Later steps of a journey are covered by the tests that walk it.
FOR_ANYBODY = {
    "": "/",
    "<market:market>/": "/{market}/",
    "<market:market>/legal/<slug:key>/": "/{market}/legal/{document}/",
    "<market:market>/i/<str:token>": "/{market}/i/unknown",
    "<market:market>/return/": "/{market}/return/",
    "<market:market>/register/": "/{market}/register/",
    "<market:market>/signin/": "/{market}/signin/",
    "<market:market>/recover/": "/{market}/recover/",
    "<market:market>/e/<str:token>": "/{market}/e/unknown",
    "<market:market>/v/<str:code>": "/{market}/v/unknown",
    "<market:market>/l/<str:code>": "/{market}/l/unknown",
    "<market:market>/offline/": "/{market}/offline/",
}
# Placeholders are named as in the API: `test_places.py` fills in the ids of the member's things.
FOR_MEMBERS = {
    "<market:market>/home/": "/{market}/home/",
    "<market:market>/more/": "/{market}/more/",
    "<market:market>/security/": "/{market}/security/",
    "<market:market>/security/password/": "/{market}/security/password/",
    "<market:market>/change-email/": "/{market}/change-email/",
    "<market:market>/cover/": "/{market}/cover/",
    "<market:market>/cover/search/": "/{market}/cover/search/",
    "<market:market>/cover/<str:policy>/": "/{market}/cover/{policy}/",
    "<market:market>/cover/<str:policy>/<str:benefit>/": "/{market}/cover/{policy}/{benefit}/",
    "<market:market>/card/offline/": "/{market}/card/offline/",
    "<market:market>/card/<str:card>/": "/{market}/card/{card}/",
    "<market:market>/card/<str:card>/desk/": "/{market}/card/{card}/desk/",
    "<market:market>/card/<str:card>/looks/": "/{market}/card/{card}/looks/",
    "<market:market>/card/<str:card>/lost/": "/{market}/card/{card}/lost/",
    "<market:market>/claims/": "/{market}/claims/",
    "<market:market>/claims/new/": "/{market}/claims/new/",
    "<market:market>/guarantees/": "/{market}/guarantees/",
    "<market:market>/guarantees/ask/": "/{market}/guarantees/ask/",
    "<market:market>/bank-account/": "/{market}/bank-account/",
    "<market:market>/bank-accounts/": "/{market}/bank-accounts/",
    "<market:market>/family/": "/{market}/family/",
    "<market:market>/family/people/<str:key>/": "/{market}/family/people/{person}/",
    "<market:market>/family/share/": "/{market}/family/share/",
    "<market:market>/family/claims/": "/{market}/family/claims/",
    "<market:market>/family/share/sent/": "/{market}/family/share/sent/",
    "<market:market>/family/seers/": "/{market}/family/seers/",
    "<market:market>/family/mandates/<uuid:key>/": "/{market}/family/mandates/{mandate}/",
}
# Pages that only some markets have, or that differ from another page only in their words.
ELSEWHERE = {
    "<market:market>/register/<slug:way>/": "the register page, its way chosen",
    "<market:market>/recover-username/": "Indonesia alone: test_places.py",
    "<market:market>/recover-username/<slug:way>/": "Indonesia alone: test_places.py",
    "<market:market>/change-mobile/": "the pages of another address, asking for a number; not in Indonesia",
    "<market:market>/link-authenticator/": "Russia alone: test_changing.py",
    "<market:market>/unlink-authenticator/": "Russia alone: test_changing.py",
    "<market:market>/family/mandates/<uuid:key>/claims/": "of the giver of an active mandate: test_family.py",
    "<market:market>/claim-consent/<str:token>": "behind a link in a message: test_family.py",
    "<market:market>/card/": "the page of the card that can be shown first",
    **{
        f"<market:market>/claims/<uuid:claim>/{page}/": "of a draft: test_claim_drafts.py"
        for page in ("documents", "bills", "pay", "review")
    },
    "<market:market>/claims/<uuid:claim>/bills/<uuid:line>/": "of a draft with several bills: test_claim_drafts.py",
    "<market:market>/claims/<uuid:claim>/discard/": "of a draft: test_claim_drafts.py",
    "<market:market>/claims/<uuid:claim>/": "tests/claims/pages/test_in_a_browser.py",
    "<market:market>/claims/<uuid:claim>/withdraw/": "tests/claims/pages/test_in_a_browser.py",
    "<market:market>/claims/<uuid:claim>/explanation/": "tests/claims/pages/test_in_a_browser.py",
    "<market:market>/claims/<uuid:claim>/appeal/": "tests/claims/pages/test_in_a_browser.py",
    "<market:market>/claims/<uuid:claim>/account/": "tests/claims/pages/test_in_a_browser.py",
    "<market:market>/guarantees/<uuid:guarantee>/": "the number is made anew in each demo: test_guarantee_walk",
    "<market:market>/g/<str:code>": "the frame of the letters' page: tests/guarantees",
    "inbox/": "of the demo: test_places.py",
    "design/": "of the demo: test_design.py",
}
NO_PAGES = {
    *("healthz", "readyz", "metrics", ".well-known/security.txt"),
    *(".well-known/change-password", "language/", "<market:market>/signout/", "<market:market>/return/"),
    *(
        "inbox/messages.json",
        "inbox/people.json",
        "inbox/colleagues.json",
        "inbox/messages/<int:message_id>.html",
        "design/look.css",
    ),
    *("<market:market>/brand.css", "<market:market>/logo.svg", "<market:market>/app.webmanifest"),
    *("<market:market>/icons/<slug:name>.png", "<market:market>/sw.js"),
    *("<market:market>/cover/<str:policy>/documents/<str:document>/", "<market:market>/letters/<str:letter>/"),
    *("<market:market>/cover/<str:policy>/letters/new/", "<market:market>/card/<str:card>/activate/"),
    *("<market:market>/card/<str:card>/pdf/", "<market:market>/family/privacy/"),
    *("<market:market>/family/mandates/<uuid:key>/end/", "<market:market>/family/consents/<uuid:key>/end/"),
    "<market:market>/family/claims/<str:key>/ask/",
    *(f"<market:market>/claims/<uuid:claim>/{part}/remove/" for part in ("bills/<uuid:line>", "documents/<uuid:file>")),
    *(f"<market:market>/claims/<uuid:claim>/{form}/" for form in ("answers", "again", "clinic-bill")),
    *(f"<market:market>/claims/<uuid:claim>/{paper}.pdf" for paper in ("acknowledgement", "explanation")),
    "<market:market>/claims/<uuid:claim>/files/<uuid:file>/",
    "<market:market>/claims/statement/<int:year>.pdf",
    *(f"<market:market>/bank-accounts/<uuid:key>/{act}/" for act in ("default", "remove")),
    "<market:market>/guarantees/<uuid:guarantee>/letter.pdf",
    *("<market:market>/uploads/", "<market:market>/uploads/<uuid:upload>/"),
    *("hooks/mail/<slug:reporter>/", "hooks/sms/<slug:gateway>/"),
}
ERRORS = ("400", "403", "404", "405", "410", "413", "429", "500", "503", "no-cookies")


def addresses(places: dict[str, str], market: str, **names: str) -> list[str]:
    """The addresses of these pages in a market. `names` fill the placeholders."""
    return [address.format(market=market, document=DOCUMENTS[market], **names) for address in places.values()]
