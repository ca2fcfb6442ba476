"""Small parts that several screens draw with."""
