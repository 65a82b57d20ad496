"""People for training pictures: a body model posed as footballers, rendered once, coloured when a scene is drawn."""
