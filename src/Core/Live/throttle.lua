-- Attempts of one key that are still remembered, oldest first, as Unix milliseconds in a list.
-- KEYS: attempts. ARGV: now, window in milliseconds, count. Answers 0 when a permit was given, otherwise the milliseconds until one is free.
local attempts = KEYS[1]
local now, window, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local oldest = redis.call('LINDEX', attempts, 0)
while oldest and now - tonumber(oldest) >= window do
  redis.call('LPOP', attempts)
  oldest = redis.call('LINDEX', attempts, 0)
end

if redis.call('LLEN', attempts) >= count then
  return math.max(1, tonumber(oldest) + window - now)
end

redis.call('RPUSH', attempts, ARGV[1])
redis.call('PEXPIRE', attempts, window)
return 0
