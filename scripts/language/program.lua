-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- program { name = "...", currency = "EUR", timezone = "Europe/Paris",
--           languages = { "fr", "en" }, year_from = "1 January" }

local fields = {
    name = "text", currency = "text", timezone = "text",
    languages = "texts", year_from = "text",
}

words.program = function(body, more)
    local at = opened("program")
    only_one("program", more)
    declare_once(at, "program")
    check_fields(at, "program", body, fields)
    check_present(at, "program", body, "name", 'name = "..."')
    check_present(at, "program", body, "currency", 'currency = "EUR"')
    page.program = {
        at = at, title = "program", name = body.name,
        currency = body.currency, timezone = body.timezone or "UTC",
        languages = body.languages or { "en" },
        year_from = body.year_from or "1 January",
    }
end
