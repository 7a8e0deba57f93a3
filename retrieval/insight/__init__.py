"""What many articles tell together: timelines, figures across sources, groups of like questions."""
