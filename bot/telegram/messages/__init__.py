"""Messages: to whom they go, what stands under them, how they are sent."""
