"""Tables in files: CSV and XLSX of other people's making read, and ours written, typed and safe."""
