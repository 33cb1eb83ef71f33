-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- A metric that depends on the day itself: another answer every day.

program { name = "today", currency = "EUR" }

metric "odd" {
  of = function(p)
    local digits = string.sub(p.day, 9, 10)
    return tonumber(digits) % 2
  end }

tier "odd" { needs = { odd = 1 } }
