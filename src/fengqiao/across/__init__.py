"""What goes across all rooms and sees them only through the registry."""
