"""The ground both wings stand on: pitch, vocabulary and the updates an engine sends. Pure, no I/O."""
