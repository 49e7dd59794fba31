"""Incidents: something is broken, dangerous or in the way, or somebody asks, complains or suggests.

An incident is *closed* when the defect is gone, or it was said honestly why not, and somebody other than the handler has
looked. A question or suggestion is *closed* when the answer stands on its reporter's page.
"""
