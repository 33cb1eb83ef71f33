-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- The newest lines of a partner's ledger. Lines that are not ours are left out.
--
-- KEYS  1 partner (hash)  2 ledger (list)
-- ARGV  1 how many
--
-- Answers an array of {ver, time, who, op}, newest first; false (nil) where
-- there is no such partner.

local partner, ledger = unpack(KEYS)
local count = tonumber(ARGV[1])

local function text(value)
  return type(value) == "string" and value or ""
end

if redis.call("EXISTS", partner) == 0 then
  return false
end
local rows = {}
if count > 0 then
  for _, line in ipairs(redis.call("LRANGE", ledger, 0, count - 1)) do
    local good, said = pcall(cjson.decode, line)
    if good and type(said) == "table" and type(said.ver) == "number" then
      rows[#rows + 1] =
        {said.ver, text(said.time), text(said.who), text(said.op)}
    end
  end
end
return rows
