"""The ICS: what a sheet claims, held against the IXIT and against itself."""
