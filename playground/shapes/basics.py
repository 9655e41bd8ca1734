"""What stands everywhere in the shapes."""

Id = str
Moment = int
