"""Puts the house together: settings, routes, start-up."""
