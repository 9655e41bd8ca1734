"""Looking at XP, and what staff does with it: changing it, taking that back, importing and exporting."""
