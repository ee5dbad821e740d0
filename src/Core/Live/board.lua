-- One session's board. KEYS: board, aside. ARGV: verb, then what the verb takes.
--
-- board is one hash, so that it expires, is evicted and is read as a whole: #epoch, #seq, #session, and each entry's row under its id.
-- Without #epoch it awaits the put of whoever found it missing.
-- aside holds batches that came before their predecessor, packed, by '<epoch>:<first>'.
local board, aside = KEYS[1], KEYS[2]
local verb = ARGV[1]
local LIFETIME, AWAITING = 48 * 3600 * 1000, 60 * 1000
local MOST_ASIDE = 256 -- LocalBoard says the same

local function forget()
  redis.call('UNLINK', board, aside)
end

-- pieces[from..] are entry ids and rows by turns
local function write(epoch, seq, session, pieces, from)
  redis.call('HSET', board, '#epoch', epoch, '#seq', seq)
  if session ~= '' then
    redis.call('HSET', board, '#session', session)
  end
  for i = from, #pieces, 2 do
    redis.call('HSET', board, pieces[i], pieces[i + 1])
  end
end

local function catch_up(epoch, seq)
  if redis.call('EXISTS', aside) == 1 then
    local packed = redis.call('HGET', aside, string.format('%s:%.0f', epoch, seq + 1))
    while packed do
      local batch = cmsgpack.unpack(packed)
      write(epoch, batch[1], batch[2], batch, 3)
      seq = tonumber(batch[1])
      packed = redis.call('HGET', aside, string.format('%s:%.0f', epoch, seq + 1))
    end
    for _, field in ipairs(redis.call('HKEYS', aside)) do
      local its_epoch, first = field:match('^(.*):(%d+)$')
      if its_epoch ~= epoch or tonumber(first) <= seq then
        redis.call('HDEL', aside, field)
      end
    end
    redis.call('PEXPIRE', aside, LIFETIME)
  end
  redis.call('PEXPIRE', board, LIFETIME)
end

local verbs = {}

-- epoch, first, last, session, id, row, …
function verbs.apply()
  local epoch, first, last, session = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
  if redis.call('EXISTS', board) == 0 then
    return
  end

  local position = redis.call('HMGET', board, '#epoch', '#seq')
  local seq = position[1] and tonumber(position[2])
  if seq and position[1] ~= epoch then
    forget()
  elseif seq and last <= seq then
    return
  elseif seq and first <= seq + 1 then
    write(epoch, ARGV[4], session, ARGV, 6)
    catch_up(epoch, last)
  elseif seq and first - seq > MOST_ASIDE then
    forget()
  else
    local batch = { ARGV[4], session }
    for i = 6, #ARGV do
      batch[#batch + 1] = ARGV[i]
    end
    redis.call('HSET', aside, epoch .. ':' .. ARGV[3], cmsgpack.pack(batch))
    redis.call('PEXPIRE', aside, redis.call('PTTL', board))
    if redis.call('HLEN', aside) > MOST_ASIDE then
      forget()
    end
  end
end

-- epoch, seq, session, id, row, …
function verbs.put()
  local epoch, seq = ARGV[2], tonumber(ARGV[3])
  local position = redis.call('HMGET', board, '#epoch', '#seq')
  if position[1] == epoch and tonumber(position[2]) >= seq then
    return
  end

  redis.call('UNLINK', board)
  write(epoch, ARGV[3], ARGV[4], ARGV, 5)
  catch_up(epoch, seq)
end

-- Somebody found the board missing and is rebuilding it.
function verbs.await()
  if redis.call('EXISTS', board) == 0 then
    redis.call('HSET', board, '#awaiting', 1)
    redis.call('PEXPIRE', board, AWAITING)
    redis.call('UNLINK', aside)
  end
end

function verbs.forget()
  forget()
end

return verbs[verb]()
