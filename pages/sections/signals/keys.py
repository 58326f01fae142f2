"""Keys of the Signals page's widgets and of what it remembers in the session, for its sections and the tests."""

RUN = "signals-run"
BAR = "signals-bar"
OPENED = "signals-opened"  # how many tables were opened: a new one closes the menus
NORMAL = "signals-normal"  # the normal rows that were dragged or typed, START:END
DRAGGED = "signals-dragged"  # (file, normal rows) that the figure said last
NORMAL_TYPED = "signals-normal-typed"
CLOSED = "read-closed"  # texts of the doubts that were answered; begins as settings do: a new file has none

AGAIN = "signals-again"
MIN_ROWS = "signals-min-rows"
MERGE_ROWS = "signals-merge-rows"
CALIBRATE = "signals-calibrate"
CALIBRATED = "signals-calibrated"  # (the rule, the sentence on it)
REVISION = "signals-set"  # how often the page has set the threshold itself
SEEN_REVISION = "signals-set-seen"
PAST_THRESHOLD = "signals-past"  # what the figure said before that

TRAIN = "signals-train"
MAP = "signals-map"
EARLIER = "signals-earlier"
SCORE = "signals-score"
RESAMPLE = "signals-resample"
RESTART = "signals-restart"
ALL_AS_PROPOSED = "signals-all-as-proposed"

CLEAN = "signals-clean"
OTHERS = "signals-others"
FOLLOWS = "signals-follows"
USUAL = "signals-usual"
EVENTS = "signals-events"  # the uploader of a file of events
EVENTS_OPEN = "signals-events-open"
EVENTS_READ = "signals-events-read"  # (what was read last, the sentence on it)
KIND = "signals-kind-"  # before the number of a kind
KINDS_PAST = "signals-kinds-past"  # of each name that was given, (run, file, sentence, acts that take it back)
KIND_UNDO = "signals-kind-undo"
INTO_TRAINING = "signals-into-training"
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


def answer(question: str, side: str) -> str:
    """The button of a question that keeps what is proposed, or takes what it may be instead."""
    return f"signals-answer-{question}-{side}"


def recipe(name: str) -> str:
    """The widget of a setting of the network."""
    return RECIPE + name


def plant(name: str) -> str:
    """The widget of a property of the simulated plant."""
    return PLANT + name
