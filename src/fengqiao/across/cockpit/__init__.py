"""The cockpit: a day in the district in four bands, every figure with its age and the rows behind it."""
