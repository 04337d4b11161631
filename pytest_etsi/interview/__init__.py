"""Asking a person: what only a competent person can judge, question by question."""
