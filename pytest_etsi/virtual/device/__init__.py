"""The camera itself."""
