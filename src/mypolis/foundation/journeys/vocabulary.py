"""The names that outsiders rely on: journeys, steps and fields. A new one is added here and in the docs first."""

KINDS = frozenset(
    {
        *("register", "signin", "recover", "recover-username", "change-mobile", "change-email", "link-identity"),
        *("link-authenticator", "unlink-authenticator"),
    }
)

STEPS = frozenset(
    {
        "identity",
        "policy-type",
        "licence",
        "code",
        "email-code",
        "new-code",
        "authenticator",
        "username",
        "password",
        "credentials",
        "new-password",
    }
)

FIELDS = frozenset(
    {
        "policy_type",
        "policy_number",
        "participant_number",
        "national_id",
        "surname",
        "given_name",
        "patronymic",
        "birth_date",
        "mobile",
        "email",
        "username",
        "password",
        "password_repeat",
        "code",
        "captcha",
        "accept_privacy",
        "accept_licence",
        "accept_rules",
        "accept_personal_data",
        "accept_marketing",
    }
)
