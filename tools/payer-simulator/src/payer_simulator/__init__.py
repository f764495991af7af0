"""A trading partner to talk to: it reads 837 files and answers them.

Files come in by a folder (`serving`), are read and judged (`receiving`), acknowledged (`acknowledging`), adjudicated claim by claim
(`adjudication`, by the payers' own `rules`) and paid (`remitting`). What was answered is kept (`memory`).
"""
