program { name = "x", currency = "EUR" }
include "other.lua"
