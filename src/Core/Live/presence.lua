-- The students of one session. KEYS: students. ARGV: now in Unix milliseconds, lifetime in milliseconds, then the entry ids that pinged.
-- Without entry ids it answers the record: entry ids and instants by turns, and #since.
-- #since is set by whoever comes first, reader or writer: every later ping is in here.
local students = KEYS[1]
redis.call('HSETNX', students, '#since', ARGV[1])
for i = 3, #ARGV do
  redis.call('HSET', students, ARGV[i], ARGV[1])
end
redis.call('PEXPIRE', students, ARGV[2])
if #ARGV == 2 then
  return redis.call('HGETALL', students)
end
