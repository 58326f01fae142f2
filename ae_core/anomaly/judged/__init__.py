"""What a person says of stretches of a table, and what follows from it: see events, log, tally, proposal, usual."""
