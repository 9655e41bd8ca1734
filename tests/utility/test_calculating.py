"""`calc` and `convert`: what they understand, that results are exact, and that nothing takes long."""

import time
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.calculating.calculator import LONGEST, calculate
from cogs.utility.calculating.numbers import CalculationError, read_number, rounded
from cogs.utility.calculating.texts import number_text
from cogs.utility.calculating.units import UNITS, UnitError, convert, find_unit, read_conversion
from tests.support.town import Town

RESULTS = {
    "2+3*4": "14", "2^3^2": "512", "-2^2": "-4", "0.1+0.2": "0.3", "(1/3)*3": "1", "200+10%": "220", "50%": "0.5",
    "200 + 10% * 2": "200.2", "10 % 3": "1", "-7 mod 3": "2", "7 // -2": "-4", "2(3+4)": "14", "5!": "120",
    "sin(30°)": "0.5", "√16": "4", "cbrt(-27)": "-3", "root(1024, 10)": "2", "1,234.5*2": "2469", "max(1,2)": "2",
    "max(1;2,000)": "2000", "2²": "4", "0^0": "1", "log(1000)": "3", "(((1": "1", "3 × 4 =": "12",
    "round(1.005, 2)": "1.01", "15% of 80": "12", "3 x 4": "12", "3x4": "12", "10 % 3 of 2": "2",
    "sum(5%, 5% of 1)": "0.1", "exp(0)x2": "2", "0e999 mod 3": "0", "10^58 mod 7": "4", "5! mod 7": "1",
    "2^100": "1267650600228229401496703205376", "floor(-1.5)": "-2", "-0": "0",
}  # fmt: skip
SENTENCES = {
    "1/0": "divided by zero", "0^-1": "divided by zero", "5 mod 0": "divided by zero", "9^9^9^9": "too large",
    "10^9999*10": "too large", "99999!": "too large", "exp(99999)": "too large", "sqrt(-1)": "no result",
    "ln(0)": "no result", "tan(90°)": "no result", "asin(2)": "no result", "1.5!": "whole numbers", "": "nothing",
    "1+": "missing at the end", "foo(1)": "no “foo”", "sqrt 2": "brackets", "sqrt(1,2)": "so many", "1 2": "“2”",
    "()": "go on at", "1,23": "number “1,23”", "(" * 40 + "1": "brackets", "2" + "^2" * 100: "brackets",
    "__import__('os')": "go on at", "a.b": "go on at", "1e99999": "too large", "round(1, 0.5)": "whole number",
    "😀": "go on at", "1" * (LONGEST + 1): "too long", "sin(1e300)": "too large",
    "2^200 mod 7": "exact remainder", "10^9 mod 1e-60": "exact remainder", "of 3": "no “of”",
}  # fmt: skip


@pytest.mark.parametrize("text", RESULTS)
def test_results(text: str):
    assert f"{rounded(calculate(text)):f}" == RESULTS[text]


@pytest.mark.parametrize("text", SENTENCES)
def test_what_has_no_result_has_a_sentence(text: str):
    with pytest.raises(CalculationError, match=SENTENCES[text]):
        calculate(text)


numbers = st.decimals(-(10**6), 10**6, allow_nan=False, places=3)


@given(numbers, numbers, numbers)
def test_it_counts_as_exactly_as_decimals_do(first: Decimal, second: Decimal, third: Decimal):
    assert calculate(f"{first} + {second} * {third}") == first + second * third
    assert calculate(f"({first} - {second}) * {third}") == (first - second) * third
    assert calculate(f"{first}-{second}-{third}") == first - second - third


@given(st.text(st.sampled_from("0123456789.,()+-*/^%!e° pisnqrtmaxlogd²√"), max_size=LONGEST))
def test_whatever_is_written_ends_soon(text: str):
    started = time.process_time()
    with suppress(CalculationError):
        number_text(calculate(text))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "text", ["200000!", "2000!" * 60, "1.1^" * 29 + "9", "(" * 29 + "2000!" + ")^0.3" * 29, "e^pi^" * 14 + "2"]
)
def test_the_worst_there_is_ends_soon(text: str):
    started = time.process_time()
    with suppress(CalculationError):
        calculate(text[:LONGEST])
    assert time.process_time() - started < 0.5


def test_the_decimal_sign_is_that_of_the_language():
    assert read_number("1.234,5", decimal_comma=True) == Decimal("1234.5")
    assert calculate("1,5 * 2", decimal_comma=True) == 3
    assert calculate("max(1,5; 2)", decimal_comma=True) == 2


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("1234567.125", "1,234,567.125"),
        ("1e-9", "1 × 10⁻⁹"),
        ("1.5e400", "1.5 × 10⁴⁰⁰"),
        ("-0.5", "-0.5"),
        ("0", "0"),
    ],
)
def test_numbers_are_shown_for_reading(number: str, shown: str):
    assert number_text(Decimal(number)) == shown


# --- units ------------------------------------------------------------------------------------------------

CONVERSIONS = {
    "5 km to m": "5000", "100f in c": "340/9", "-40 °C to F": "-40", "5 ft 11 in to cm": "180.34",
    "1 in in cm": "2.54",
    "5'11\" to cm": "180.34", "20 mph km/h": "32.18688", "1 h 30 min in s": "5400", "1,000.5 m km": "1.0005",
    "1 m2 to cm²": "10000", "5 stone 3 lb lb": "73", "1 GiB to MiB": "1024", "1 mb to kb": "1000", "1 km->m": "1000",
    "0 K to c": "-273.15", "2 cups in floz": "16", "1 mi to ft": "5280", "1 gal in cups": "16", "1e3 m km": "1",
    "1 kWh to MJ": "3.6", "3 knots to m/s": "1852/1200", "5 meters cm": "500", "1 imperial-gallon to imp pt": "8",
    "-5 ft 6 in to in": "-66", "-1 h 30 min in min": "-90", "1 mW to W": "1/1000", "1 MPa to bar": "10",
    "1 mJ to J": "1/1000", "20 degrees Celsius to Fahrenheit": "68", "½ cup to tsp": "24",
    "1 1/2 cups tsp": "72", "-1½ h to min": "-90", "5'11 to cm": "180.34", "5' 11.5 in cm": "181.61",
    "1'000 m km": "1",
    "5 sq ft in sq in": "720", "2 square feet sqin": "288", "18 km per hour to m/s": "5",
    "36 kilometers per hour to metres per second?": "10",
    "0 f to k": "45967/180",
}  # fmt: skip


@pytest.mark.parametrize("text", CONVERSIONS)
def test_conversions_are_exact(text: str):
    assert read_conversion(text).result == Fraction(CONVERSIONS[text])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "how much"), ("5 km", "how much"), ("to", "how much"), ("@everyone m km", "how much"),
        ("5 km to kg", "a length and `kg` is a mass"), ("5 foo to m", "`foot`"),
        ("-300 celsius to f", "absolute zero"),
        ("5 usd to eur", "no unit"), ("9" * 40 + " m km", "can't read the number"),
        ("5 C 3 C to F", "one temperature"), ("1/0 cup to ml", "number “1/0”"), ("1/2/3 m km", "no unit"),
        ("5 km to " + "x" * 1900, "no unit"),
    ],
)  # fmt: skip
def test_what_cannot_be_converted_has_a_sentence(text: str, sentence: str):
    with pytest.raises(UnitError, match=sentence):
        read_conversion(text)


@given(st.data(), st.fractions(0, 10**9))
def test_there_and_back_is_the_same(data: st.DataObject, amount: Fraction):
    unit = data.draw(st.sampled_from(UNITS))
    other = data.draw(st.sampled_from([one for one in UNITS if one.kind == unit.kind]))
    assert convert(convert(amount, unit, other), other, unit) == amount


def test_every_unit_is_found_by_its_symbol_and_names():
    for unit in UNITS:
        assert find_unit(unit.symbol) is unit
        assert all(find_unit(name).kind == unit.kind for name in unit.names)


async def test_people_calculate_and_convert(town: Town):
    assert await town.says(town.ann, "!calc 1,234 * 2") == "`1,234 * 2`\n= **2,468**"
    assert "**1.609344 km**" in await town.says(town.ann, "!convert 1 mile to km")
    assert "≈" in await town.says(town.ann, "!convert 1 km to miles")
    assert "divided by zero" in await town.says(town.ann, "!calc 1/0")
    for hostile in ("@everyone", "`" * 300, "x" * 1900, "'"):
        for name in ("calc", "convert"):
            answer = await town.says(town.ann, f"!{name} {hostile}")
            assert not answer.pings_everyone
