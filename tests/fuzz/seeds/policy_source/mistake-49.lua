program { name = "x", currency = "EUR" }
metric "a" { sum = "revenue", over = "ever" }
tier "t" { needs = { a = between(5, 3) } }
