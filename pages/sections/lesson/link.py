"""What a link to any page may say of lessons."""

from ...ui.link import Text

LESSON = Text(name="lesson", about="the lesson that is opened beside the page: latent-space, machine", most=40)
