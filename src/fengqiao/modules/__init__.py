"""The rooms of the house: one package for each trade, each finding its way through the one loop."""
