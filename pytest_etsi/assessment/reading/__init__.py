"""What an entry says: words, answers, claims and conditions, each read in one place."""
