"""Each line on standard input is one sign-in; the answer is what it cost, in seconds."""

import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Browser

USERS = 20
PASSWORD = "seven quiet herons over Sava"


def main() -> None:
    """Make the users, then serve until standard input ends."""
    application = get_wsgi_application()
    call_command("migrate", interactive=False, verbosity=0)
    user, password = get_user_model(), make_password(PASSWORD)
    user._default_manager.bulk_create(user(username=f"user{turn}", password=password) for turn in range(USERS))
    for turn, _line in enumerate(sys.stdin):
        browser = Browser(application)
        browser.get("/login/")
        answer = browser.post("/login/", username=f"user{turn % USERS}", password=PASSWORD)
        sys.stdout.write(f"{answer.expect(302).seconds}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
