program { name = "x", currency = "EUR" }
metric "a" { sum = "revenue", over = "ever" }
tier "gold" { needs = { a = 5 } }
expect "two million" { with = { a = 2000000 }, tier = "golf" }
