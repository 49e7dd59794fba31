"""Exchange: other systems are told what happened, and bring in what they have.

A webhook says only that something happened to which case; whoever is told fetches the rest by the API, with their own key.
"""
