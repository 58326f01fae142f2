"""The sentences of the page Playground."""

TITLE = "A network that trains here, now"
SENTENCE = (
    "It trains in your own browser as you watch: turn a knob while it learns, or drag the dot on its map to see what "
    "the decoder makes of that place."
)
KEPT = "Kept as the run **{name}**. Its recipe is as near as Train has it: there the learning rate follows a schedule."
NOT_KEPT = "What the page sent is no network: reload the page and let it train again."
OPEN = "Open in {page}"
NOT_CUT = (
    "Bottleneck does not open it: it cuts a code after its first numbers, which only means something where the kind is "
    "*nested*, and it shows digits, sinusoids and samples of your own."
)
# On which the hint does not lie.
SPOKEN = "[data-testid=playground] :is(.lx-run, .lx-flow, .lx-errors, .lx-foot p, [data-testid=keep])"

DATA = {
    "digits": "8×8 digits",
    "circle": "circle",
    "spiral": "spiral",
    "moons": "two moons",
    "swiss-roll": "Swiss roll (3-D)",
    "bent-sheet": "bent sheet (3-D)",
    "sinusoids": "sinusoids",
    "samples": "your own samples",
}
TOO_LONG = (
    "These samples have {size:,} values each, and {most} are what trains here at once: train on them on the page "
    "Train, or bring shorter ones."
)
BRING = "Your own samples train here too, and digits that you draw: bring them on Your data"
NOT_MEANT = "{name} is not meant without a file"
NO_FILE = "data samples: bring a file on Your data first"
