"""Games on boards: tic-tac-toe, connect four, battleship and minesweeper."""
