"""The pages of the desk, below `/desk/`. Those of rooms come last, in the order of their places."""

from django.urls import URLPattern, URLResolver, include, path

from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.staff import views
from mypolis.foundation.staff.approvals import views as approvals
from mypolis.foundation.staff.lists.saved import views as saved
from mypolis.foundation.staff.own import factor_views
from mypolis.foundation.staff.own import views as own
from mypolis.foundation.staff.signin import views as signin
from mypolis.foundation.staff.team import views as team
from mypolis.foundation.staff.trial_messages import views as trial_messages

_pages = sorted(((pages, room) for room in all_rooms() for pages in room.staff_pages), key=lambda found: found[0].place)

_desk: list[URLPattern | URLResolver] = [
    path("", views.desk, name="desk-markets"),
    path("signin/", signin.signin, name="desk-signin"),
    path("signin/factor/", signin.factor, name="desk-signin-factor"),
    path("signin/recovery/", signin.recovery, name="desk-signin-recovery"),
    path("signout/", signin.signout, name="desk-signout"),
    path("awake/", views.awake, name="desk-awake"),
    path("unlock/", views.unlock, name="desk-unlock"),
    path("i/<str:token>", own.invitation, name="desk-invitation"),
    path("me/", own.own_account, name="desk-own-account"),
    path("me/password/", own.password, name="desk-own-password"),
    path("me/sessions/end/", own.end_other_sessions, name="desk-end-other-sessions"),
    path("me/sessions/<int:session>/end/", own.end_session, name="desk-end-session"),
    path("me/factors/", factor_views.factors, name="desk-own-factors"),
    path("me/factors/passkey/", factor_views.add_passkey, name="desk-add-passkey"),
    path("me/factors/app/", factor_views.link_app, name="desk-link-app"),
    path("me/factors/app/remove/", factor_views.unlink_app, name="desk-unlink-app"),
    path("me/factors/codes/", factor_views.new_codes, name="desk-new-codes"),
    path("me/factors/<int:passkey>/remove/", factor_views.remove_passkey, name="desk-remove-passkey"),
    path("<market:market>/", views.start, name="desk-start"),
    path("<market:market>/approvals/", approvals.approvals, name="desk-approvals"),
    path("<market:market>/approvals/<int:approval>/", approvals.approval, name="desk-approval"),
    path("<market:market>/approvals/<int:approval>/decide/", approvals.decide, name="desk-decide-approval"),
    path("<market:market>/test-message/", trial_messages.trial_message, name="desk-trial-message"),
    path("<market:market>/saved-filters/", saved.save, name="desk-save-filter"),
    path("<market:market>/saved-filters/<int:saved>/forget/", saved.forget, name="desk-forget-filter"),
    path("<market:market>/team/", team.colleagues, name="desk-colleagues"),
    path("<market:market>/team/end-sessions/", team.end_sessions, name="desk-end-sessions"),
    path("<market:market>/team/invite/", team.invitation, name="desk-invite"),
    path("<market:market>/team/<int:account>/", team.colleague, name="desk-colleague"),
    path("<market:market>/team/<int:account>/role/", team.propose_role, name="desk-give-role"),
    path("<market:market>/team/<int:account>/role/<str:role>/take/", team.take_away_role, name="desk-take-role"),
    path("<market:market>/team/<int:account>/reset/", team.propose_reset, name="desk-reset-colleague"),
    path("<market:market>/team/<int:account>/close/", team.close_account, name="desk-close-colleague"),
    path("<market:market>/team/<int:account>/reopen/", team.propose_reopening, name="desk-reopen-colleague"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include(_desk)),
    *(path("desk/", include(f"{room.name}.{pages.urls}")) for pages, room in _pages),
]
