-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Has anything happened to the versions of the policy? A text that is another
-- one after each publication and each refusal, so that whoever looks often need
-- not read them all (versions.lua) to learn that nothing has.
--
-- KEYS  1 policies (sorted set)  2 ledger (stream)
--
-- Answers the text. It holds the number of publications, the last of them by
-- day, and the last event: the keys may have been emptied and filled again.

local policies, ledger = unpack(KEYS)
local last = redis.call("ZREVRANGE", policies, 0, 0)[1] or ""
local event = redis.call("XREVRANGE", ledger, "+", "-", "COUNT", 1)[1]
return redis.call("ZCARD", policies) .. " " .. last .. " "
  .. (event and event[1] or "")
