"""Head office: keeps every till's journal, judges it, and hands out what the tills sell by."""
