"""What can go wrong in the playground that is to be told, not logged."""


class PlaygroundError(Exception):
    """The playground can't open; the message is the sentence for whoever started it."""


class Refused(Exception):  # noqa: N818 - it is an answer, not a mistake
    """A person can't do what they asked for; the message is the sentence to show them."""
