from procrastinate.contrib.django import app


@app.task(name="toy.dry", queue="upkeep")
def dry(timestamp: int) -> None:
    """The room's job."""
