"""UDP: which ports answer, asked in the languages of IoT devices."""
