"""The ground floor: who does what when, names for things, errors and words. Standard library only."""
