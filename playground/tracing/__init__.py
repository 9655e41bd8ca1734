"""Writing down what the bot does for each cause; `playground.tracer` puts the parts together."""
