"""Kept without fixtures and plugins: an editable install loads it as the parent of testcases/."""
