"""Games with words: hangman, wordle, anagram and typerace."""
