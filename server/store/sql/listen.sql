-- Asks to be told of other servers' commits, until the connection ends.
LISTEN tally_commit
