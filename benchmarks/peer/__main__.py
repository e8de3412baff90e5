"""Signs in once for each line on standard input; writes the seconds without the hash, and those of the hash."""

import sys

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Browser

USERS = 20
PASSWORD = "seven quiet herons over Sava"


def main() -> None:
    """Create the users, then sign in until standard input ends."""
    application = get_wsgi_application()
    call_command("migrate", interactive=False, verbosity=0)
    user, password = get_user_model(), make_password(PASSWORD)
    people = [user(username=f"user{turn}", password=password) for turn in range(USERS)]
    user._default_manager.bulk_create(people, ignore_conflicts=True)  # the peers share their database
    page, name = ("/accounts/login/", "login") if apps.is_installed("allauth") else ("/login/", "username")
    for turn, _line in enumerate(sys.stdin):
        browser = Browser(application)
        browser.get(page)
        answer = browser.post(page, **{name: f"user{turn % USERS}", "password": PASSWORD}).expect(302)
        sys.stdout.write(f"{answer.seconds} {answer.hashing}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
