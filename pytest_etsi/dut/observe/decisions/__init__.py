"""Decisions that a device asks of its user: met on a fresh device, with their options and what is chosen at first."""
