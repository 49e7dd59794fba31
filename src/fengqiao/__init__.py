"""Fengqiao: a district's social-governance centre, one loop for everything reported."""

__version__ = "0.1.0"
