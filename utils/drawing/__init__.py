"""Drawing pictures: fonts for every script, text in runs, shapes, and the one thread that draws."""
