"""The fiscal export of German cash registers: DSFinV-K 2.4 of the Bundeszentralamt für Steuern."""
