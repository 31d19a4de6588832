-- Begins a transaction that writes.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE
