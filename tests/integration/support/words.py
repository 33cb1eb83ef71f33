# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""What several files of tests say or expect: the day, the keys of a reply, the
lines of an import."""

TODAY = "2026-06-30"
STANDING = ["partner", "tier", "since", "state", "qualifies", "margin",
            "review", "until", "policy", "ver", "stale"]


def amounts(got):
    return [tuple(a[k] for k in ("series", "amount", "unit", "on", "count"))
            for a in got["amounts"]]


def reseller(partner, **more):
    return {"op": "set", "partner": partner, "name": "kind",
            "value": "reseller", **more}


def sale(partner, amount=1250.5, **more):
    return {"op": "add", "partner": partner, "series": "revenue/cloud",
            "amount": amount, "on": "2026-03-14", **more}
