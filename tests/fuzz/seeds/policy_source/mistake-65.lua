program { name = "x", currency = "EUR" }
metric "a" { of = function(p) while true do end end }
expect "e" { tier = "none" }
