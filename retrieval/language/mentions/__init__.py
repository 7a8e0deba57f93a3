"""What a sentence holds that a question may ask for: dates, numbers, persons, places, organisations."""
