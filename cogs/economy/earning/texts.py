"""What happens at work and at a crime, in a sentence each."""

from typing import Final

from utils.i18n import N_

WORKED: Final = (
    N_("You sort the books that came back to the library and are paid {amount}."),
    N_("You walk five dogs at once, and all five come home. Their owners pay you {amount}."),
    N_("You mend the town clock, which now strikes thirteen only on Fridays. The mayor pays you {amount}."),
    N_("You deliver pizza by rowing boat and earn {amount}, half of it in tips."),
    N_("You teach a parrot its manners. It thanks you, and its owner pays you {amount}."),
    N_("You stand in for a scarecrow that has a cold. The farmer pays you {amount}."),
    N_("You paint a fence in the only colour that was left: sunflower. You earn {amount}."),
    N_("You sell lemonade on the hottest day of the year and take in {amount}."),
    N_("You look for a cat for three hours. It was on the roof above you. You are paid {amount}."),
    N_("You play the back half of a horse at the theatre and earn {amount}."),
    N_("You wind wool with a very patient grandmother. She gives you {amount} and a biscuit."),
    N_("You count the sheep of a shepherd who fell asleep doing it. You earn {amount}."),
    N_("You polish the lens of the lighthouse. The harbour master pays you {amount}."),
    N_("You carry a piano up to the fifth floor. It was the wrong house, but you are paid {amount}."),
    N_("You find out why the fountain is green, and promise to tell nobody, for {amount}."),
    N_("You write birthday cards for people who can't rhyme and earn {amount}."),
    N_("You test mattresses all afternoon. It was hard, they were not. You earn {amount}."),
    N_("You unload a ship full of rubber ducks. One of them squeaks. You earn {amount}."),
    N_("You cut a hedge into the shape of a swan. From the left, at least. You earn {amount}."),
    N_("You translate the manual of a toaster and are paid {amount}."),
    N_("You guard the cake at a wedding until it is cut. You earn {amount} and a corner with a rose."),
    N_("You repair umbrellas during a storm, when nobody asks about the price. You earn {amount}."),
    N_("You tune all the bells of the carousel and earn {amount}."),
    N_("You water the plants of a family on holiday. The cactus has never looked better. You earn {amount}."),
    N_("You pick apples until the ladder is taller than the tree is full. You earn {amount}."),
    N_("You draw maps for people who get lost on purpose and earn {amount}."),
    N_("You bake bread from four in the morning on and earn {amount} and a warm roll."),
    N_("You umpire a game of chess in the park that lasts until dark. The winner pays you {amount}."),
    N_("You find a lost ring in the sand with a borrowed spoon. The reward is {amount}."),
    N_("You clean the windows of the tallest house in town, one side only. You earn {amount}."),
)
"""What `work` may come to."""

GOT_AWAY: Final = (
    N_("You swap the signs of two ice cream parlours and sell tickets to watch. You make {amount}."),
    N_("You borrow every garden gnome in the street, and are paid {amount} to find them."),
    N_("You sell the mayor his own bicycle for {amount}."),
    N_("You win a pie contest with a pie from the supermarket. The prize is {amount}."),
    N_("You charge a toll on a bridge that isn't yours and take in {amount}."),
    N_("You sell bottled fog to tourists and make {amount}."),
    N_("You teach a magpie to bring you shiny things. Today they are worth {amount}."),
    N_("You bet on a snail race after a word with the snails, and win {amount}."),
    N_("You rent out a park bench by the hour and make {amount}."),
    N_("You find the treasure of a board game club. It is real, it seems: {amount}."),
)
"""What a crime may bring."""

CAUGHT: Final = (
    N_("You climb through the window of the police station by mistake. That costs you {amount}."),
    N_("The dog that you wanted to bribe has principles. You pay a fine of {amount}."),
    N_("You leave your library card at the scene of the crime. You pay a fine of {amount}."),
    N_("Your getaway car is a rowing boat, and the lake is frozen. You pay a fine of {amount}."),
    N_("You hide in the cupboard in which everybody keeps the biscuits. You pay a fine of {amount}."),
    N_("The old lady knows judo. You pay her {amount} for the trouble."),
    N_("You sneeze inside the suit of armour. You pay a fine of {amount}."),
    N_("Your moustache falls off while you talk to the inspector. You pay a fine of {amount}."),
    N_("Your partner in crime writes a diary, and reads it out. You pay a fine of {amount}."),
    N_("You sell the same bridge twice, to twins. You give {amount} back."),
)
"""What a failed crime may cost."""
