"""Kits: what a module may use and that knows no case."""
