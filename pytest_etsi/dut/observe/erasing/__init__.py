"""What deletion functions do: recognisable data are left, seen, deleted, and looked for on every way in."""
