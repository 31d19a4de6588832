-- Sets what every statement of a connection goes by. Bodies are compressed with lz4 where the server has it, which
-- takes a fraction of the time. Statements are planned once, before there are statistics; each finds its rows by a
-- key that begins with the partition, so a plan that reads a table whole is never right, and none is worth compiling.
-- $1 text: statement timeout in milliseconds, 0 for none
-- $2 text: lock timeout in milliseconds, 0 for none
-- $3 text: milliseconds that an open transaction may wait for us, 0 for no end
-- $4 text: plan_cache_mode, whether one plan of a statement serves all its runs
SELECT
	set_config('statement_timeout', $1::text, false),
	set_config('lock_timeout', $2::text, false),
	set_config('idle_in_transaction_session_timeout', $3::text, false),
	set_config('default_transaction_isolation', 'read committed', false),
	set_config('plan_cache_mode', $4::text, false),
	(
		SELECT set_config(name, 'lz4', false)
		FROM pg_settings
		WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
	),
	(
		SELECT count(set_config(name, 'off', false))
		FROM pg_settings
		WHERE name IN ('enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit')
	)
