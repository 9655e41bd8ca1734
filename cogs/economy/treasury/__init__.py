"""What staff does with a server's coins: giving, taking, looking, taking back."""
