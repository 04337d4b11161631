"""Weaknesses of what the maker publishes: policies and support pages that lack something, or stand behind a hurdle."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["PublicationFlaw"]

_SUPPORT_PERIOD = ("5.3-13-2/c", "5.3-14-2/e")
_ALL_OPEN = ("5.2-1-2/a", "5.3-13-2/b", "5.3-14-2/b")


class PublicationFlaw(Flaw):
    """A page of the maker's site lacks what it has to say, says something else, or stands behind a hurdle."""

    POLICY_WITHOUT_UPDATES = (
        "the policy promises an acknowledgement and a time for the fix, and never says how a report stands",
        ("5.2-1-2/b",),
    )
    POLICY_WITHOUT_RECEIPT = ("the policy does not say that a report is acknowledged", ("5.2-1-2/b",))
    POLICY_WITHOUT_CONTACT = ("the policy names a key and nobody to write to", ("5.2-1-2/b",))
    POLICY_ABOUT_OTHERS = (
        "the policy is about weaknesses that the maker finds in products of others",
        ("5.2-1-2/b",),
    )
    POLICY_BEHIND_LOGIN = ("the policy is shown only to who signs in", ("5.2-1-2/a",))
    POLICY_BEHIND_CONSENT = ("the policy is shown only to who agrees to be followed", ("5.2-1-2/a",))
    POLICY_BEHIND_FORM = ("an address has to be given to get the policy", ("5.2-1-2/a",))
    POLICY_GONE = ("the address of the policy leads to nothing", ("5.2-1-2/a",))
    POLICY_IN_A_CIRCLE = ("the address of the policy leads round in a circle", ("5.2-1-2/a",))
    POLICY_IS_START_PAGE = ("the address of the policy leads to the start page", ("5.2-1-2/a",))
    SUPPORT_BEHIND_LOGIN = ("the support page is shown only to who signs in", ("5.3-13-2/b", "5.3-14-2/b"))
    SUPPORT_GONE = (
        "the support page is not there",
        ("5.3-13-2/a", "5.3-13-2/b", "5.3-14-2/a", "5.3-14-2/b"),
    )
    SUPPORT_UNMENTIONED = ("the start page has no link to the support page", ("5.3-13-2/a", "5.3-14-2/a"))
    SUPPORT_OVER = ("the support period that is published is over", _SUPPORT_PERIOD)
    SUPPORT_OTHERWISE = (
        "the support period that is published is another one than documented",
        _SUPPORT_PERIOD,
    )
    SUPPORT_FOR_LIFE = ("updates are promised for the lifetime of the camera", _SUPPORT_PERIOD)
    SUPPORT_OF_ANOTHER = ("the support page is about another model", _SUPPORT_PERIOD)
    SUPPORT_IS_GUARANTEE = ("a guarantee stands where the support period should", _SUPPORT_PERIOD)
    REASON_MISSING = ("the support page does not say why there will be no updates", ("5.3-14-2/c",))
    REPLACEMENT_MISSING = ("the support page has no plan of replacement", ("5.3-14-2/d",))
    CERTIFICATE_OVER = ("the certificate of the maker's site has expired", _ALL_OPEN)
    CERTIFICATE_OF_ANOTHER = ("the certificate of the maker's site is for another name", _ALL_OPEN)
    DESIGNATION_OF_ANOTHER = ("the camera calls itself by the name of another model", ("5.3-16-2/b",))
    DESIGNATION_MISSING = ("the camera shows no name of its model", ("5.3-16-2/a",))
    DESIGNATION_A_CODE = ("the camera shows a code instead of the name of its model", ("5.3-16-2/b",))
