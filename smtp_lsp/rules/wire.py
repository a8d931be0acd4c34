"""WIR: line ends, lengths, octets; ends of data that are none."""
