"""What a feature stores about people and servers, why, and for how long: declared by its cogs.

`privacy` shows the declarations, `mydata` exports and erases by them (`utils.privacy`), and a test of the house fails
for a table with somebody's id that none of them names.
"""

from dataclasses import dataclass

from database.personal_data import Eraser
from database.personal_tables import Table


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of thing that is stored. The texts are whole sentences, marked by `N_`.

    `what` is about the reader ("Your reminders: …"), or about the server; `kept` says how long, and what stays of it
    when somebody has their data deleted. `erasers` erase what `tables` marks as their own.
    """

    what: str
    why: str
    kept: str
    tables: tuple[Table, ...]
    erasers: tuple[type[Eraser], ...] = ()
