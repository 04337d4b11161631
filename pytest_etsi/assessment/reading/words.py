"""Words that say nothing: empty answers, placeholders and fillers."""

from __future__ import annotations

import re

__all__ = ["is_placeholder", "says_nothing"]

_PLACEHOLDER = re.compile(
    r"""[\s\W_]*                                   # "-", "...", "?"
    (?:(?:t\.?b\.?[dac]|todo|to\ be\ (?:done|defined|determined|added|confirmed)|n/?a|n\.a|none|nil|null|no|xxx+
        |lorem\ ipsum.*|see\ above|same\ as\ above|as\ above|ditto
        |(?:is\ |was\ )?not\ (?:applicable|supported|implemented|fulfilled|met|relevant|required|available|done)
        |(?:does|do)\ not\ apply|unsupported|unfulfilled|inapplicable)
    [\s\W_]*)?""",
    re.IGNORECASE | re.VERBOSE,
)

_FILLER = re.compile(
    r"""[\s\W_]*(?:lorem\ ipsum.*|xxx+|\?+|test|dummy|example|placeholder|foo|bar|asdf\w*|text|description
    |(?:to|will|shall)\ be\ (?:completed|filled(?:\ in)?|provided|supplied|clarified|specified|described)(?:\ later)?
    |(?:see|cf\.?|refer\ to)\ (?:above|below|attachment|annex|other\ document|documentation)
    |(?:insert|enter|add)\ (?:text|description|answer)(?:\ here)?
    |not\ yet\ (?:known|defined|decided|available|written)|unknown|pending|open|later|in\ progress
    |keine?(?:\ angabe)?|entf(?:ä|ae)llt|k\.?\s?a\.?)[\s\W_]*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def is_placeholder(text: str) -> bool:
    """Whether a text is empty, or only restates that something is missing ("tbd", "-", "not supported")."""
    return _PLACEHOLDER.fullmatch(" ".join(text.split())) is not None


def says_nothing(text: str) -> bool:
    """Whether an answer is empty, a placeholder ("tbd", "n/a", "-") or a filler ("lorem ipsum", "see above")."""
    plain = " ".join(text.split())
    return is_placeholder(plain) or _FILLER.fullmatch(plain) is not None
