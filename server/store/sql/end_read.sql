-- Ends a read of one moment.
COMMIT
