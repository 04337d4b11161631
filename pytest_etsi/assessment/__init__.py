"""The assessment: plan, evaluation, journal, record and roll-up. Nothing here needs pytest.

`run.Assessment` is the way in; `plan.make_plan` gives the plan alone.
"""
