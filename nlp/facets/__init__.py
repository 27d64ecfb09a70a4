"""What a passage is about: engagement, pain, proof or none; and how it is told."""
