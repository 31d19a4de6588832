-- Tells other servers that something was committed. Nothing is lost when it is: so it does not wait for the disk.
SELECT set_config('synchronous_commit', 'off', true), pg_notify('tally_commit', '')
