-- Reads events of one partition in order. The limits keep both scans in the order of the key; with bounds on the
-- position instead, what is read may be gathered by a bitmap and sorted, which takes longer.
-- $1 integer: partition
-- $2 bigint: only positions after this one
-- $3 integer: at most this many
-- $4 bigint: and so many that, were each as large as the largest, their bodies had so many bytes; but one in any case
SELECT partition, position, system, revision, type, last, kinds, class, severity, teams, at, body
FROM event
WHERE partition = $1::integer AND position > $2::bigint
ORDER BY position
LIMIT least(
	$3::integer,
	(
		SELECT greatest(1, $4::bigint / greatest(1, max(octet_length(page.body))))
		FROM (
			SELECT body
			FROM event
			WHERE partition = $1::integer AND position > $2::bigint
			ORDER BY position
			LIMIT $3::integer
		) AS page
	)
)
