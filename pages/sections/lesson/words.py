"""What is said of lessons outside of their panel."""

NO_LESSON = "There is no lesson {name!r}; there are {names}."
