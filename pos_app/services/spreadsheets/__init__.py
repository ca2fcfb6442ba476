"""Tables in files of other people's making: CSV and XLSX read and written, row by row."""
