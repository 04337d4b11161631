"""Inputs that the camera does not check."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["InputFlaw"]

_BY_NETWORK = ("5.13-1B-2/a",)
"""What comes in by no user interface: the stream's login, the ports for recorders and discovery, the redirect."""


class InputFlaw(Flaw):
    """What crashes the camera, is taken over unchecked, or is carried out."""

    CRASH_ON_LONG_TEXT = (
        "a setting of more than 256 characters ends the web server until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_DEEP_JSON = (
        "JSON of more than 500 levels ends the web server until power or network are switched",
        ("5.13-1-2/a",),
    )
    CRASH_ON_LONG_HEADER = (
        "a header of more than 2048 characters with a login ends the web server until power or network are switched",
        ("5.13-1-2/a",),
        _BY_NETWORK,
    )
    CRASH_ON_LONG_RTSP = (
        "a line of more than 2048 characters ends the port for recorders until power or network are switched",
        ("5.13-1-2/a",),
        _BY_NETWORK,
    )
    CRASH_ON_NEGATIVE_LENGTH = (
        "a negative length of content ends the port for recorders until power or network are switched",
        ("5.13-1-2/a",),
        _BY_NETWORK,
    )
    CRASH_ON_CUT_QUESTION = (
        "a question that is cut off ends the answers to multicast DNS until power or network are switched",
        ("5.13-1-2/a",),
        _BY_NETWORK,
    )
    TRACE_ON_WRONG_TYPE = (
        "a setting of the wrong type is answered with an internal error and a trace of the program",
        ("5.13-1-2/a",),
    )
    DATABASE_ERROR = (
        "an apostrophe in the user name of a new account is answered with an error of a database",
        ("5.13-1-2/a",),
    )
    VALUES_OUT_OF_RANGE = (
        "settings are taken over whatever their length or date",
        ("5.13-1-2/a",),
    )
    TYPES_UNCHECKED = (
        "the settings that are true or false take any value",
        ("5.13-1-2/a",),
    )
    USER_NAME_UNCHECKED = (
        "an account can have any characters in its name",
        ("5.13-1-2/a",),
    )
    REFLECTED_MARKUP = (
        "a page that is not there is answered with its path, unescaped",
        ("5.13-1-2/a",),
    )
    STORED_MARKUP = (
        "the page Live shows the camera's name, unescaped",
        ("5.13-1-2/a",),
    )
    PATH_TRAVERSAL = (
        "paths with .. lead to the files of the system",
        ("5.13-1-2/a",),
    )
    SHELL_INJECTION = (
        "the time zone goes through a shell, which works out what stands in $(( ))",
        ("5.13-1-2/a",),
    )
    TEMPLATE_INJECTION = (
        "the camera's name goes through a template, which works out what stands in {{ }}",
        ("5.13-1-2/a",),
    )
    HEADER_INJECTION = (
        "encoded line ends in a path become header lines of the redirect",
        ("5.13-1-2/a",),
        _BY_NETWORK,
    )
    FORGEABLE_REQUESTS = (
        "browsers send the session's cookie along from every page, and the API lets scripts of every origin use it",
        ("5.13-1-2/a",),
    )
