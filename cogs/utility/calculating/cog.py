"""`calc` and `convert`."""

from cogs.utility.calculating.calculator import calculate
from cogs.utility.calculating.numbers import CalculationError
from cogs.utility.calculating.texts import number_text, quantity_text, uses_decimal_comma
from cogs.utility.calculating.units import Conversion, UnitError, read_conversion
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _

SHOWN_EXPRESSION = 200  # characters


class Calculating(Cog):
    """Work out numbers, and convert units."""

    @command(aliases=["calculate", "math", "calculator"])
    @example("2 * (3 + 4)", "200 - 15%", "sqrt(2) ^ 10", "sin(30°)")
    async def calc(self, ctx: Context, *, expression: str) -> None:
        """Work out numbers.

        There are `+`, `-`, `*`, `/`, `//` (without the rest), `mod`, `^`, `!`, `%`, brackets, `pi` and `e`, and the
        functions `sqrt`, `cbrt`, `root`, `abs`, `round`, `floor`, `ceil`, `min`, `max`, `sum`, `avg`, `exp`, `ln`,
        `log`, `log2`, `sin`, `cos`, `tan`, `asin`, `acos` and `atan`. Angles are in radians, or in degrees with `°`.
        `200 + 10%` is 220, and `15% of 80` is 12.
        """
        try:
            result = calculate(expression.strip("` \n"), decimal_comma=uses_decimal_comma())
        except CalculationError as error:
            raise UserError(str(error)) from error
        shown = code(truncate(expression.strip(), SHOWN_EXPRESSION))
        await ctx.info(_("{expression}\n= **{result}**").format(expression=shown, result=number_text(result)))

    @command(aliases=["conv", "units"])
    @example("5 km to miles", "100 f in c", "5 ft 11 in to cm", "1.5 cups ml")
    async def convert(self, ctx: Context, *, quantity: str) -> None:
        """Convert between units of measure.

        I know units of length, mass, time, temperature, area, volume, speed, data, data rate, energy, power,
        pressure, force and angle. Gallons, pints, cups and spoons are those of the United States; put `imperial-`
        before a pint or gallon for the British one.
        """
        try:
            conversion = read_conversion(quantity.strip("` \n"), decimal_comma=uses_decimal_comma())
        except UnitError as error:
            raise UserError(str(error)) from error
        await ctx.info(conversion_text(conversion))


def conversion_text(conversion: Conversion) -> str:
    """Both quantities, with a sign that tells whether they are exactly the same."""
    amount, is_whole_amount = quantity_text(conversion.amount)
    result, is_exact = quantity_text(conversion.result)
    sentence = _("{quantity} = **{result}**") if is_exact and is_whole_amount else _("{quantity} ≈ **{result}**")
    return sentence.format(quantity=f"{amount} {conversion.unit.symbol}", result=f"{result} {conversion.into.symbol}")
