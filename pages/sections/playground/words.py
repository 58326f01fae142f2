"""The sentences of the page Playground."""

TITLE = "A network that trains here, now"
SENTENCE = (
    "It trains in your own browser as you watch: turn a knob while it learns, or drag the dot on its map to see what "
    "the decoder makes of that place."
)
HINT = "Drag the dot while the network trains"
NOTICE = (
    "the blue line is PCA with as many dimensions. The network starts far above it and passes it within seconds; a "
    "high learning rate, a high β or few samples make it fail, and the page says how."
)
QUESTION = "Why does a variational network with a high β draw the same picture everywhere?"
ANSWER = (
    "The KL term then costs more than the reconstruction gains: the encoder gives every sample the prior, the code "
    "says nothing, and the decoder draws the mean. This is posterior collapse; lower β and the map opens again."
)
