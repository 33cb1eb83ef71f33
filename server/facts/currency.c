/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * How many decimals a currency has is not for a policy to say: ISO 4217 does.
 * Its active codes that have a minor unit (metals, testing and the like have
 * none), and those withdrawn lately, which older facts still carry: ANG BGN
 * CUC HRK SLL ZWL. */
#include <string.h>

#include "facts/decimal.h"

/* Rows of four bytes, sorted: the code and its decimals. */
static const char currencies[] =
    "AED2AFN2ALL2AMD2ANG2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2"
    "BHD3BIF0BMD2BND2BOB2BOV2BRL2BSD2BTN2BWP2BYN2BZD2CAD2CDF2"
    "CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUC2CUP2CVE2CZK2DJF0"
    "DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJD2FKP2GBP2GEL2GHS2GIP2GMD2"
    "GNF0GTQ2GYD2HKD2HNL2HRK2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0"
    "JMD2JOD3JPY0KES2KGS2KHR2KMF0KPW2KRW0KWD3KYD2KZT2LAK2LBP2"
    "LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2"
    "MWK2MXN2MXV2MYR2MZN2NAD2NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2"
    "PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2RUB2RWF0SAR2SBD2SCR2SDG2"
    "SEK2SGD2SHP2SLE2SLL2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2"
    "TMT2TND3TOP2TRY2TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4"
    "UZS2VED2VES2VND0VUV0WST2XAD2XAF0XCD2XCG2XOF0XPF0YER2ZAR2"
    "ZMW2ZWG2ZWL2";
enum { CODE = 3, ROW = 4 };

int currency_decimals(struct str code)
{
    if (code.len != CODE)
        return -1;
    size_t low = 0, high = (sizeof currencies - 1) / ROW;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *row = currencies + middle * ROW;
        int order = memcmp(code.at, row, CODE);
        if (order == 0)
            return row[CODE] - '0';
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}
