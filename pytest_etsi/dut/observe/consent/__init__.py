"""Consent to the processing of personal data: asked for, refused, given, withdrawn; and what is recorded each time."""
