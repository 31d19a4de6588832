-- Reads what a request was answered.
-- $1 integer: partition
-- $2 text: system
-- $3 uuid: request id
-- $4 timestamptz: only if it was made at this time or later
SELECT fingerprint, answer
FROM request
WHERE partition = $1::integer AND system = $2::text AND request_id = $3::uuid AND created_at >= $4::timestamptz
