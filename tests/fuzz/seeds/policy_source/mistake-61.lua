program { name = "x", currency = "EUR" }
local n = 0
metric "a" { of = function(p) n = n + 1 return n end }
expect "e" { tier = "none" }
