-- A member of staff is in one session. KEYS: staff. ARGV: now in Unix milliseconds, how long it holds in milliseconds, staff id, the person as JSON.
local staff = KEYS[1]
redis.call('HSET', staff, ARGV[3], ARGV[1] .. ' ' .. ARGV[4])
redis.call('PEXPIRE', staff, ARGV[2])
