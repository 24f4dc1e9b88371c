"""The programme of work on the web: its register, cycles, registers, money and letters."""
