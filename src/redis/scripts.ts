/**
 * The scripts of the bus, each of which Redis runs atomically. All keys of one fleet share a hash tag, so a cluster keeps them
 * in one slot. Times are the server's own; fencing numbers are its milliseconds, so that a server that has forgotten its last
 * one still goes on above it.
 */
import { createHash } from 'node:crypto';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

const now = `
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)`;

/** KEYS lease, fence. ARGV member, lease, above. Returns whether it leads, the fence, and what remains of the lease. */
export const elect = script(`
  local held = redis.call('GET', KEYS[1])
  if held then
    local holder, fence = string.match(held, '^(%S+) (%d+)$')
    if holder == ARGV[1] then
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return {1, fence, tonumber(ARGV[2])}
    end
    return {0, fence or '0', redis.call('PTTL', KEYS[1])}
  end
  ${now}
  local last = tonumber(redis.call('GET', KEYS[2]) or '0')
  local fence = string.format('%.0f', math.max(last, tonumber(ARGV[3]), now) + 1)
  redis.call('SET', KEYS[2], fence)
  redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. fence, 'PX', ARGV[2])
  return {1, fence, tonumber(ARGV[2])}`);

/** KEYS lease. ARGV member, fence, channel. */
export const resign = script(`
  if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then
    redis.call('DEL', KEYS[1])
    redis.call('PUBLISH', ARGV[3], 'vacant')
  end
  return 1`);

/** KEYS values, fence. ARGV fence, sequence, keepFor, channel, then keys and texts. Returns 0 where there has been a higher fence. */
export const publish = script(`
  if tonumber(ARGV[1]) < tonumber(redis.call('GET', KEYS[2]) or '0') then
    return 0
  end
  redis.call('SET', KEYS[2], ARGV[1])
  local stamp = ARGV[1] .. ' ' .. ARGV[2]
  for at = 5, #ARGV, 2 do
    if ARGV[at + 1] == '' then
      redis.call('HDEL', KEYS[1], ARGV[at])
    else
      redis.call('HSET', KEYS[1], ARGV[at], stamp .. ' ' .. ARGV[at + 1])
    end
  end
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PUBLISH', ARGV[4], stamp .. '\\n' .. table.concat(ARGV, '\\n', 5))
  return 1`);

/** KEYS demand, members, revisions. ARGV member, revision, lease, whole, channel, then keys and wishes. */
export const demand = script(`
  ${now}
  if ARGV[4] == '1' then
    redis.call('DEL', KEYS[1])
  end
  for at = 6, #ARGV, 2 do
    if ARGV[at + 1] == '' then
      redis.call('HDEL', KEYS[1], ARGV[at])
    else
      redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
    end
  end
  redis.call('HSET', KEYS[1], '', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), ARGV[1])
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], 86400000)
  redis.call('PEXPIRE', KEYS[3], 86400000)
  redis.call('PUBLISH', ARGV[5], ARGV[1] .. ' ' .. ARGV[2] .. '\\n' .. table.concat(ARGV, '\\n', 6))
  return 1`);

/** KEYS demand, members. ARGV member, revision, lease. Returns 0 where the demand of this revision is not kept. */
export const touch = script(`
  if redis.call('HGET', KEYS[1], '') ~= ARGV[2] then
    return 0
  end
  ${now}
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), ARGV[1])
  return 1`);

/** KEYS members, revisions. Returns the members whose demand is kept, and their revisions. */
export const census = script(`
  ${now}
  local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)
  for _, member in ipairs(gone) do
    redis.call('ZREM', KEYS[1], member)
    redis.call('HDEL', KEYS[2], member)
  end
  local found = {}
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    found[#found + 1] = member
    found[#found + 1] = redis.call('HGET', KEYS[2], member) or '0'
  end
  return found`);

/** KEYS demand. Returns keys and wishes, the revision under the empty key. */
export const demandOf = script(`return redis.call('HGETALL', KEYS[1])`);

/** KEYS demand, members, revisions, lease. ARGV member, the channel of demand, that of news. */
export const leave = script(`
  if string.match(redis.call('GET', KEYS[4]) or '', '^%S+') == ARGV[1] then
    redis.call('DEL', KEYS[4])
    redis.call('PUBLISH', ARGV[3], 'vacant')
  end
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[3], ARGV[1])
  redis.call('PUBLISH', ARGV[2], ARGV[1] .. ' gone')
  return 1`);

/** KEYS journal. ARGV entry. Entries outlive every server-side subscription, and not by much. */
export const journalAdd = script(`
  redis.call('SADD', KEYS[1], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], 604800000)
  return 1`);

/** KEYS journal. */
export const journalEntries = script(`return redis.call('SMEMBERS', KEYS[1])`);
