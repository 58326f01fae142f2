"""Keys of the Signals page's widgets and of what it remembers in the session, for its sections and the tests."""

RUN = "signals-run"
BAR = "signals-bar"
OPENED = "signals-opened"  # how many tables were opened: a new one closes the menus
NORMAL = "signals-normal"  # the normal rows that were dragged, START:END

AGAIN = "signals-again"
CALIBRATE = "signals-calibrate"
CALIBRATED = "signals-calibrated"  # (the rule, the sentence on it)
REVISION = "signals-set"  # how often the page has set the threshold itself
SEEN_REVISION = "signals-set-seen"
PAST_THRESHOLD = "signals-past"  # what the figure said before that

TRAIN = "signals-train"
EARLIER = "signals-earlier"
SCORE = "signals-score"
RESAMPLE = "signals-resample"
RESTART = "signals-restart"

CLEAN = "signals-clean"
GENERATE = "signals-generate"
TEXTBOOK = "signals-textbook"
TEXTBOOK_OPEN = "signals-textbook-open"
FILES = "signals-files"

PLANT = "plant-"
READ = "read-"  # before the name of a setting of the source csv
RECIPE = "train-with-"  # before the name of a setting of the network


def read(name: str) -> str:
    """The widget of a setting of the source csv."""
    return READ + name


def recipe(name: str) -> str:
    """The widget of a setting of the network."""
    return RECIPE + name


def plant(name: str) -> str:
    """The widget of a property of the simulated plant."""
    return PLANT + name
