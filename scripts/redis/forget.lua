-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Erases a partner wherever Palier wrote it. The sets of tiers are found by
-- their names, and streams are read through, so this costs time in proportion
-- to the whole database: it is for the rare day on which somebody must be
-- forgotten.
--
-- KEYS  1 partner  2 seen  3 ledger  4 partners  5 due
--       6 inbox  7 rejected  8 changes
-- ARGV  1 partner's id  2 the prefix of the sets of tiers, as a pattern of SCAN
--
-- Answers 1, or 0 where there was no such partner.

local PAGE = 1000
local partner, seen, ledger, partners, due = unpack(KEYS)
local id, tiers = unpack(ARGV)

local function leave_tiers()
  local cursor = "0"
  repeat
    local page = redis.call("SCAN", cursor, "MATCH", tiers, "COUNT", PAGE,
      "TYPE", "set")
    cursor = page[1]
    for _, key in ipairs(page[2]) do
      redis.call("SREM", key, id)
    end
  until cursor == "0"
end

local function names(entry)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == "partner" and fields[i + 1] == id then
      return true
    end
  end
end

local function leave_stream(stream)
  local from = "-"
  repeat
    local page = redis.call("XRANGE", stream, from, "+", "COUNT", PAGE)
    for _, entry in ipairs(page) do
      if names(entry) then
        redis.call("XDEL", stream, entry[1])
      end
      from = "(" .. entry[1]
    end
  until #page < PAGE
end

-- A key of another type refuses before anything is erased.
local function check_keys()
  redis.call("ZCARD", partners)
  redis.call("ZCARD", due)
  for i = 6, 8 do
    redis.call("XLEN", KEYS[i])
  end
end

-- The partner itself goes last: where something fails, it can be asked again.
check_keys()
local known = redis.call("EXISTS", partner)
for i = 6, 8 do
  leave_stream(KEYS[i])
end
leave_tiers()
known = math.max(known, redis.call("ZREM", partners, id))
redis.call("ZREM", due, id)
redis.call("DEL", partner, seen, ledger)
return known
