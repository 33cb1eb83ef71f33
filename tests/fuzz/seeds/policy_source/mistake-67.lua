program { name = "x", currency = "EUR" 
tier "gold" { }
