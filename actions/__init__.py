"""Rasa's custom actions: thin. Slots and entities in, twitchwise called, events out. Never imports Rasa's server, spaCy or TensorFlow."""
