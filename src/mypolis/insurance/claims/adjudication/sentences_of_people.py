"""Sentences for what people or banks report: questions to the member, payments that failed, and ends of claims."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from mypolis.insurance.claims.adjudication.sentences_of_rules import Sentences

QUESTIONS: Final[Sentences] = {
    "document_missing": {
        "": (
            _("We still need: %(document)s. It shows: %(why)s."),
            _("We still need: %(document)s."),
            _("We still need a document."),
        )
    },
    "unreadable": {
        "": (
            _("We cannot read page %(page)s of “%(document)s”. A photo from above, without shadow, is enough."),
            _("We cannot read “%(document)s”. A photo from above, without shadow, is enough."),
            _("We cannot read one of the files. A photo from above, without shadow, is enough."),
        )
    },
    "not_itemised": {
        "": (
            _("The bill shows only one sum. Ask for a list of what was done: %(provider)s."),
            _("The bill shows only one sum. Ask the provider for a list of what was done."),
        )
    },
    "not_paid_yet": {"": (_("This is a bill, but no proof that it was paid. Please send the receipt."),)},
    "names_differ": {
        "": (
            _("The bill has the name %(name)s. Who was treated?"),
            _("The bill has another name. Who was treated?"),
        )
    },
    "diagnosis_missing": {"": (_("What was the visit for? Send the report, or write it in your own words."),)},
    "rate_missing": {
        "": (
            _("We are looking up the exchange rate for this bill on %(day)s. You need not do anything."),
            _("We are looking up the exchange rate for this bill. You need not do anything."),
        )
    },
    "plan_unknown": {
        "": (
            _("We are finding out which plan you had on %(day)s. You need not do anything."),
            _("We are finding out which plan you had. You need not do anything."),
        )
    },
}

PAYMENTS: Final[Sentences] = {
    "account_wrong": {"": (_("Your bank sent the money back: the account number is not right."),)},
    "account_closed": {"": (_("Your bank sent the money back: the account is closed."),)},
    "account_name": {"": (_("Your bank sent the money back: the account is in another name."),)},
    "bank_later": {
        "": (_("The bank could not take our payment. Please choose another account, so that we can pay you."),)
    },
}

ENDINGS: Final[Sentences] = {
    "withdrawn": {"": (_("You withdrew this claim on %(day)s."), _("You withdrew this claim."))},
    "no_answer": {
        "": (
            _("We asked on %(day)s and had no answer in %(days)s. You can send the claim again until %(last_day)s."),
            _("We asked and had no answer in time. You can send the claim again."),
        ),
        "appeal": (_("We asked on %(day)s and had no answer in %(days)s. We decide with what we have."),),
    },
    "duplicate_of": {"": (_("That is claim %(claim)s. Nothing is lost."), _("Nothing is lost."))},
    "nothing_due": {"": (_("What we grant was paid before, so no further payment follows."),)},
}
