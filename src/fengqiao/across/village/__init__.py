"""The village's own desk: one part-time clerk with a telephone. What waits, what was done today, one thing at a time."""
