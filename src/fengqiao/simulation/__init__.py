"""An invented district and its life, driven through the same services as people use: for the demo, for load, for tests."""
