-- Commits what a batch wrote.
COMMIT
