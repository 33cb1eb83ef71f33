-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- One change of one partner's facts: its identity, the change, `ver`, the
-- ledger's line and the due entry, all or nothing. Scripts do not roll back:
-- each operation first reads and checks everything and returns the writes it
-- wants, as a list; only then the first of them is made.
--
-- KEYS  1 partner (hash)  2 seen (hash)  3 ledger (list)
--       4 partners (sorted set)  5 due (sorted set)
-- ARGV  1 operation  2 partner's id  3 time, UTC ISO  4 who
--       5 the operation in words, for the ledger, then
--   SET     6 day  7 was it stated? empty: no  8... name, value, ...
--   ADD     6 sum field  7 cnt field  8 amount  9 count
--           10 id, empty: none  11 digest of the content
--           12 the unit's decimals, empty: not known; for the answer only
--   PUT     6 sum field  7 cnt field  8 total  9 count
--   GRANT   6 has field  7 its value
--   REVOKE  6 series  7 id  8 day  9 the day before it
-- Days are ISO, so that they are ordered as text. Amounts are whole numbers in
-- the unit's smallest part; at most 10^13, which Lua's doubles hold exactly.
--
-- Answers {"OK", ver} (the partner's after the change, as text), or
-- {"NOPARTNER" | "INVALID" | "CONFLICT", text}, or {"RANGE", the amount sent,
-- the total that it makes, ARGV 12}; but for OK, nothing was changed.

local TOTAL_MAX = 10000000000000
local VER_MAX = 9007199254740991
local DAY = "^%d%d%d%d%-%d%d%-%d%d$"

local partner, seen, ledger, partners, due = unpack(KEYS)
local op, id, time, who, text = unpack(ARGV, 1, 5)

local function refuse(word, ...)
  return nil, {word, string.format(...)}
end

-- A whole number as HINCRBY reads it, of a size that doubles hold, or nil.
local function whole(s)
  if s and #s <= 16 and (s == "0" or s:find("^%-?[1-9]%d*$")) then
    return tonumber(s)
  end
end

local function digits(n)
  return string.format("%.0f", n)
end

-- The fields of the partner's hash that match, each with its value.
local function fields(pattern)
  local found, cursor = {}, "0"
  repeat
    local page = redis.call("HSCAN", partner, cursor,
      "MATCH", pattern, "COUNT", 1000)
    cursor = page[1]
    for i = 1, #page[2], 2 do
      found[page[2][i]] = page[2][i + 1]
    end
  until cursor == "0"
  return found
end

local function set(writes, field, value)
  writes[#writes + 1] = {"HSET", partner, field, value}
end

local function unset(writes, field)
  writes[#writes + 1] = {"HDEL", partner, field}
end

-- --- SET -------------------------------------------------------------------

-- An attribute's values in time: values[1] from the beginning, values[i + 1]
-- from days[i] on. `attr:<name>:<day>` holds the value before the day.
local function history(found, name)
  local prefix, days, values = "attr:" .. name .. ":", {}, {}
  for field in pairs(found) do
    local day = field:sub(#prefix + 1)
    if field:sub(1, #prefix) == prefix and day:find(DAY) then
      days[#days + 1] = day
    end
  end
  table.sort(days)
  for i, day in ipairs(days) do
    values[i] = found[prefix .. day]
  end
  values[#days + 1] = found["attr:" .. name] or ""
  return days, values
end

-- The value from `day` until the next day that is known. Returns false where
-- nothing changes. A day that was stated is kept also where the value held
-- already: what arrives later for an earlier day must end before it, so that
-- the order in which facts arrive does not matter.
local function insert(days, values, day, stated, value)
  local at = #days
  while at > 0 and days[at] > day do
    at = at - 1
  end
  local is_new, holds = days[at] ~= day, values[at + 1] == value
  if holds and not (is_new and stated) then
    return false
  end
  if is_new then
    at = at + 1
    table.insert(days, at, day)
    table.insert(values, at + 1, value)
  else
    values[at + 1] = value
  end
  return true
end

local function write_history(writes, found, name, days, values)
  for i, day in ipairs(days) do
    local field = "attr:" .. name .. ":" .. day
    if found[field] ~= values[i] then
      set(writes, field, values[i])
    end
  end
  if found["attr:" .. name] ~= values[#values] then
    set(writes, "attr:" .. name, values[#values])
  end
end

local function has_kind()
  for i = 8, #ARGV, 2 do
    if ARGV[i] == "kind" then
      return true
    end
  end
end

local function op_set(exists)
  if not exists and not has_kind() then
    return refuse("INVALID",
      "kind: a new partner needs one, for example kind reseller")
  end
  local writes, found = {}, fields("attr:*")
  local day, stated = ARGV[6], ARGV[7] ~= ""
  for i = 8, #ARGV, 2 do
    local name, value = ARGV[i], ARGV[i + 1]
    local days, values = history(found, name)
    if insert(days, values, day, stated, value) then
      write_history(writes, found, name, days, values)
    end
  end
  return writes
end

-- --- ADD, PUT --------------------------------------------------------------

-- A count is kept only where it is not 1.
local function write_count(writes, field, count)
  local old = redis.call("HGET", partner, field)
  if count == 1 then
    if old then
      unset(writes, field)
    end
  elseif old ~= digits(count) then
    set(writes, field, digits(count))
  end
end

-- Was this id used? Returns "same", or what to answer.
local function identity(key, digest)
  local before = key ~= "" and redis.call("HGET", seen, key)
  if not before then
    return nil
  end
  if before == digest then
    return "same"
  end
  return refuse("CONFLICT", 'id "%s" was used before with other content', key)
end

-- The sum, or nil and what to answer, given what says that it is out of range.
local function add(name, old, added, out_of_range)
  local held = whole(old)
  if not held then
    return refuse("INVALID",
      '%s: the entry holds "%s", which is no whole number in range; '
      .. "FACT PUT sets it", name, old:sub(1, 40))
  end
  local total = held + added
  if math.abs(total) > TOTAL_MAX then
    return nil, out_of_range(digits(added), digits(total))
  end
  return total
end

local function amount_out_of_range(sent, total)
  return {"RANGE", sent, total, ARGV[12]}
end

local function count_out_of_range(sent, total)
  return {"INVALID", string.format(
    'count: "%s" makes the entry\'s count %s; at %s%s', sent, total,
    total:sub(1, 1) == "-" and "least -" or "most ", digits(TOTAL_MAX))}
end

local function op_add()
  local sum, cnt, key, digest = ARGV[6], ARGV[7], ARGV[10], ARGV[11]
  local amount, count = tonumber(ARGV[8]), tonumber(ARGV[9])
  local known, refusal = identity(key, digest)
  if known or refusal then
    return known and {}, refusal
  end
  local old = redis.call("HGET", partner, sum)
  local total, fault = add("amount", old or "0", amount, amount_out_of_range)
  if not total then
    return nil, fault
  end
  local counted = old and (redis.call("HGET", partner, cnt) or "1") or "0"
  count, fault = add("count", counted, count, count_out_of_range)
  if not count then
    return nil, fault
  end
  local writes = {}
  if not old or amount ~= 0 then
    writes[1] = {"HINCRBY", partner, sum, ARGV[8]}
  end
  write_count(writes, cnt, count)
  return writes, nil, key ~= "" and {"HSET", seen, key, digest}
end

local function op_put()
  local writes, sum = {}, ARGV[6]
  if redis.call("HGET", partner, sum) ~= ARGV[8] then
    set(writes, sum, ARGV[8])
  end
  write_count(writes, ARGV[7], tonumber(ARGV[9]))
  return writes
end

-- --- GRANT, REVOKE ---------------------------------------------------------

local function op_grant()
  local writes = {}
  if redis.call("HGET", partner, ARGV[6]) ~= ARGV[7] then
    set(writes, ARGV[6], ARGV[7])
  end
  return writes
end

-- "has:training/sales:jdoe:2026-01-10" to its series, id and day. An id may
-- hold ':' and '/'; a series does not hold ':', a day has ten bytes.
local function term_of(field)
  local series, term, from = field:match("^has:([^:]*):(.+):([^:]*)$")
  if from and from:find(DAY) then
    return series, term, from
  end
end

-- The term no longer holds on `day`: shorter, or gone where it began then or
-- later. Values that cannot be read are left alone.
local function cut(writes, field, value, from, day, before)
  local ends, rest = value:match("^([^/]*)(/[^/]*/[^/]*/.*)$")
  if not ends or (ends ~= "" and not ends:find(DAY)) then
    return
  end
  if from >= day then
    unset(writes, field)
  elseif ends == "" or ends >= day then
    set(writes, field, before .. rest)
  end
end

-- What is not held, or no longer, needs no change.
local function op_revoke()
  local path, wanted, day, before = unpack(ARGV, 6, 9)
  local writes = {}
  for field, value in pairs(fields("has:" .. path .. "*")) do
    local series, term, from = term_of(field)
    if term == wanted
        and (series == path or series:sub(1, #path + 1) == path .. "/") then
      cut(writes, field, value, from, day, before)
    end
  end
  return writes
end

-- --- all of them -----------------------------------------------------------

local operations = {
  SET = op_set, ADD = op_add, PUT = op_put, GRANT = op_grant,
  REVOKE = op_revoke,
}

-- A key of another type, or a `ver` that cannot grow, must be found before the
-- first write. Returns ver.
local function check_keys()
  redis.call("HLEN", seen)
  redis.call("LLEN", ledger)
  redis.call("ZCARD", partners)
  redis.call("ZCARD", due)
  local ver = redis.call("HGET", partner, "ver") or "0"
  local number = whole(ver)
  if not number or number < 0 or number >= VER_MAX then
    return refuse("INVALID", "ver: the partner's is \"%s\", which is no number",
      ver:sub(1, 40))
  end
  return ver
end

-- The keys stand in this order in every line.
local function line(ver)
  return '{"ver":' .. ver .. ',"time":' .. cjson.encode(time) .. ',"who":'
    .. cjson.encode(who) .. ',"op":' .. cjson.encode(text) .. "}"
end

local function apply(writes)
  for _, write in ipairs(writes) do
    redis.call(unpack(write))
  end
  local ver = digits(redis.call("HINCRBY", partner, "ver", 1))
  redis.call("LPUSH", ledger, line(ver))
  redis.call("ZADD", partners, 0, id)
  redis.call("ZADD", due, 0, id)
  return ver
end

local exists = redis.call("EXISTS", partner) == 1
if not exists and op ~= "SET" then
  return {"NOPARTNER",
    string.format('no such partner: "%s"; FACT SET makes one', id)}
end
local ver, broken = check_keys()
if not ver then
  return broken
end
local writes, refusal, mark = operations[op](exists)
if not writes then
  return refusal
end
if #writes > 0 then
  ver = apply(writes)
end
if mark then
  redis.call(unpack(mark))
end
return {"OK", ver}
