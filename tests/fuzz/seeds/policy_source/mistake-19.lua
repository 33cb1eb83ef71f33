program { name = "x", currency = "EUR" }
tier "gold" { margin = 20% }
