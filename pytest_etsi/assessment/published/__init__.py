"""What manufacturers publish, read: policies, support periods, replacement plans, each with the passages."""
