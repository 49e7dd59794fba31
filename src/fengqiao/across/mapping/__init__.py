"""The map of the district: its ground, its cases where they lie, its indicators in five colours; what may be drawn is a table of layers."""
