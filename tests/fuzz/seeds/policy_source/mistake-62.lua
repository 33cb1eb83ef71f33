program { name = "x", currency = "EUR" }
local t = {}
metric "a" { of = function(p) t.x = 1 return 3 end }
expect "e" { tier = "none" }
