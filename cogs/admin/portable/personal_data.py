"""What imports of configurations store about people."""

from typing import Final

from database.personal_tables import ANONYMISE, Person, Table
from utils.i18n import N_
from utils.personal_data import PersonalData

PERSONAL_DATA: Final = (
    PersonalData(
        N_("Who imported a server's configuration from a file, and what that changed."),
        N_("To show the server's history, and to take an import back."),
        N_("As long as I'm in the server. If you delete your data, imports stay without you in them."),
        (Table("config_imports", (Person("imported_by", ANONYMISE),), hidden=("changes",)),),
    ),
)
