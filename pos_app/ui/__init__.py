"""The till's window: widgets that draw states and report gestures."""
