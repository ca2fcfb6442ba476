"""The five published sales APIs as head office serves them: one file each, and what they share."""
