"""What the assistant says: answers to questions, numbers to call, what to do now. Data in YAML, no Rasa, no I/O after loading."""
