"""Head office's pages for people: made by the server, whole without scripts."""
