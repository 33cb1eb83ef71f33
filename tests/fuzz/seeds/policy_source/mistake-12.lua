program { name = "x", currency = "EUR" }
metric "revenue" { sum = "revenue", over = "last 12 months" }
tier "gold" { needs = { revenue = 250,000 } }
