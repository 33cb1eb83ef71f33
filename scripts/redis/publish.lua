-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Publishes a version of the policy: its files, the member of `policies` by
-- which it comes into force, and a line in the program's ledger.
--
-- The hash of a version holds `file:<name>` for each file, and `author`, `note`
-- and `time` of its first publication: it never changes afterwards. A later
-- publication (a return to it) is told by its ledger line.
--
-- KEYS  1 policy:<sha> (hash)  2 policies (sorted set)  3 ledger (stream)
-- ARGV  1 sha  2 day from which it is in force, ISO  3 author  4 note
--       5 time, UTC ISO  6... name, text, name, text, ...
--
-- Answers 1, or 0 where that version was in force on that day already: then
-- nothing was changed.

-- Nobody keeps a position in the program's ledger, so it may be cut by length;
-- at a publication an hour this is a year.
local LEDGER_MAX = 10000

local policy, policies, ledger = unpack(KEYS)
local sha, from, author, note, time = unpack(ARGV, 1, 5)

-- "2026-06-30:0000000007:ab12..." to its parts.
local function read(member)
  return member:match("^(%d%d%d%d%-%d%d%-%d%d):(%d+):(.+)$")
end

-- The sequence grows over all days, so it is found in the members, of which
-- there are few, and not in their order.
local function next_seq()
  local last = 0
  for _, member in ipairs(redis.call("ZRANGE", policies, 0, -1)) do
    local _, seq = read(member)
    last = math.max(last, tonumber(seq) or 0)
  end
  return last + 1
end

local function in_force(day)
  local member = redis.call("ZREVRANGEBYLEX", policies, "[" .. day .. ":\255",
    "-", "LIMIT", 0, 1)[1]
  if member then
    local _, _, held = read(member)
    return held
  end
end

local function keep_files()
  for i = 6, #ARGV, 2 do
    redis.call("HSET", policy, "file:" .. ARGV[i], ARGV[i + 1])
  end
  redis.call("HSET", policy, "author", author, "note", note, "time", time)
end

if in_force(from) == sha then
  return 0
end
local seq, kept = next_seq(), redis.call("HLEN", policy) > 0
redis.call("XADD", ledger, "MAXLEN", "~", LEDGER_MAX, "*", "event", "publish",
  "version", sha, "from", from, "seq", seq, "author", author, "note", note,
  "error", "", "time", time)
if not kept then
  keep_files()
end
redis.call("ZADD", policies, 0, string.format("%s:%010d:%s", from, seq, sha))
return 1
