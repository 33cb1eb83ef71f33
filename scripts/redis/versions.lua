-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- The published versions of the policy, and the last refusals.
--
-- KEYS  1 policies (sorted set)  2 ledger (stream)
-- ARGV  1 the prefix of the keys of versions, "...:policy:"
--
-- Answers an array of {sha, from, seq, author, note, time, error}, all text:
-- first what was published, by day and sequence number, error empty; then the
-- newest refusal of each version that was not published after it, at most 16,
-- by time, from and seq empty.

local EVENTS_READ = 1000
local REFUSALS_MAX = 16

local policies, ledger = unpack(KEYS)
local rows, told, refused, settled = {}, {}, {}, {}

local function map(list)
  local fields = {}
  for i = 1, #list, 2 do
    fields[list[i]] = list[i + 1]
  end
  return fields
end

local function row(sha, from, seq, event)
  return {sha, from, seq, event.author or "", event.note or "",
    event.time or "", event.error or ""}
end

-- Newest first: the first that is said of a version is its last word.
for _, entry in ipairs(redis.call("XREVRANGE", ledger, "+", "-", "COUNT",
    EVENTS_READ)) do
  local event = map(entry[2])
  local sha = event.version or ""
  if event.event == "publish" then
    told[event.seq or ""] = event
  elseif event.event == "refuse" and not settled[sha]
      and #refused < REFUSALS_MAX then
    table.insert(refused, 1, row(sha, "", "", event))
  end
  settled[sha] = true
end

-- A publication older than the events that were read has the words of the
-- version's first one.
local function words(sha, seq)
  local event = told[string.format("%.0f", tonumber(seq))]
  if event and event.version == sha then
    return event
  end
  local kept = redis.call("HMGET", ARGV[1] .. sha, "author", "note", "time")
  return {author = kept[1] or "", note = kept[2] or "", time = kept[3] or ""}
end

for _, member in ipairs(redis.call("ZRANGE", policies, 0, -1)) do
  local from, seq, sha = member:match("^(%d%d%d%d%-%d%d%-%d%d):(%d+):(.+)$")
  if from then
    rows[#rows + 1] = row(sha, from, seq, words(sha, seq))
  end
end
for _, last in ipairs(refused) do
  rows[#rows + 1] = last
end
return rows
