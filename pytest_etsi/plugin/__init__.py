"""The face towards pytest: hooks, fixtures, options, and the life of a run inside pytest."""
