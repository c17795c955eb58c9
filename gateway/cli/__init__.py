"""The command ``crossdock``: a file for each group of commands, loaded when it is asked for."""
