program { name = "x", currency = "EUR" }
teir "gold" { }
