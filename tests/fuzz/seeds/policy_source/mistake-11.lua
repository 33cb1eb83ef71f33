program { name = "x", currency = "EUR" }
tier "gold" { margin = percent(12.34567) }
