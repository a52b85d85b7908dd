"""What the uvicorn of a spawned process imports: the application of the example named in its environment."""

from .server import served_example

app = served_example().app
