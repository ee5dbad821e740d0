-- Attempts of one key as Unix milliseconds, oldest first: those that failed, and those that are not decided yet.
-- KEYS: failed, undecided. ARGV: verb, now, window in milliseconds, count, at once, patience in milliseconds.
local failed, undecided = KEYS[1], KEYS[2]
local now, window, count, at_once, patience = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local function fail()
  redis.call('RPUSH', failed, ARGV[2])
  redis.call('PEXPIRE', failed, window)
end

local function oldest(attempts)
  return tonumber(redis.call('LINDEX', attempts, 0) or nil)
end

local verbs = {}

-- Answers 0 when a permit was given, otherwise the milliseconds until one may be free.
function verbs.take()
  local first = oldest(undecided)
  while first and now - first >= patience do
    redis.call('LPOP', undecided)
    if now - first < window then
      fail()
    end
    first = oldest(undecided)
  end

  first = oldest(failed)
  while first and now - first >= window do
    redis.call('LPOP', failed)
    first = oldest(failed)
  end

  local failures = redis.call('LLEN', failed)
  if failures >= count then
    return math.max(1, first + window - now)
  elseif failures + redis.call('LLEN', undecided) >= count + at_once then
    return 1000
  end

  redis.call('RPUSH', undecided, ARGV[2])
  redis.call('PEXPIRE', undecided, window + patience)
  return 0
end

-- The newest stands for any: permits of one key are the same but for their instants.
function verbs.give_back()
  redis.call('RPOP', undecided)
end

function verbs.fail()
  redis.call('RPOP', undecided)
  fail()
end

return verbs[ARGV[1]]()
