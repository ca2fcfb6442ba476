"""How other people's sales APIs are spoken: one file each, ignorant of the others, without I/O."""
