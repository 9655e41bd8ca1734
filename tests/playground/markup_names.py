"""Whom and what the tests' texts mention."""

from playground.markup import render

ANN, BOB, MODERATORS, GENERAL, LOUNGE = 1, 2, 5, 3, 4


class SomeNames:
    """Two people, two roles, two channels."""

    def user(self, identity: int) -> str | None:
        return {ANN: "Ann", BOB: "Bob <3"}.get(identity)

    def role(self, identity: int) -> tuple[str, str | None] | None:
        return {MODERATORS: ("Moderators", "#3498db"), 6: ("Plain", None), 7: ("Odd", "red;x")}.get(identity)

    def channel(self, identity: int) -> tuple[str, str] | None:
        return {GENERAL: ("general", "text"), LOUNGE: ("Lounge", "voice")}.get(identity)


NAMES = SomeNames()


def html(text: str, **how: object) -> str:
    return render(text, NAMES, **how)  # type: ignore[arg-type]
