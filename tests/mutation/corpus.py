"""The questions to published texts of `tests/published`, one by one, with their documents read before anything is changed.

What is decided as it should be stays so; what is left open to a person there is asked, too. It is no part of the suite,
where the same is asked of all at once, which takes longer than a mutant may.
"""

from __future__ import annotations

import pytest

from tests.published.corpus_decisions import asked

RIGHT = {f"{one.sample.id} {one.question}": one for one in asked() if one.ours() == one.right}


@pytest.mark.parametrize("one", RIGHT.values(), ids=RIGHT)
def test_a_text_is_decided_as_it_should_be(one):
    assert one.ours() == one.right
