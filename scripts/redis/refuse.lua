-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Keeps a refusal of a version of the policy in the program's ledger.
--
-- KEYS  1 ledger (stream)
-- ARGV  1 sha  2 author  3 error  4 time, UTC ISO
--
-- Answers 1.

-- As in publish.lua.
local LEDGER_MAX = 10000

local sha, author, fault, time = unpack(ARGV)
redis.call("XADD", KEYS[1], "MAXLEN", "~", LEDGER_MAX, "*", "event", "refuse",
  "version", sha, "from", "", "author", author, "note", "", "error", fault,
  "time", time)
return 1
